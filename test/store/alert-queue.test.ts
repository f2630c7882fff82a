import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/core/state.ts';
import { EMPTY_QUEUE, idsOf, type Queue, withAlert, withoutAlerts, withSeen } from '../../src/store/alert-queue.ts';
import { sampleAlert } from './samples.ts';

const queueOf = (alerts: readonly Alert[]): Queue =>
  alerts.reduce((queue, alert) => withAlert(queue, alert, { max: 999, at: 1, published: true }).queue, EMPTY_QUEUE);

describe('the queue of alerts', () => {
  it('takes an id once, also after it was taken', () => {
    const queue = queueOf([sampleAlert('a'), sampleAlert('a')]);
    expect(idsOf(queue)).toEqual(['a']);
    const taken = withoutAlerts(queue, ['a'], { at: 2, by: 'me' });
    expect(idsOf(withAlert(taken, sampleAlert('a'), { max: 9, at: 3 }).queue)).toEqual([]);
  });

  it.each<[string, readonly Alert['kind'][], string]>([
    ['its oldest reminder', ['opened', 'resolved', 'reminder', 'reminder'], '2'],
    ['its oldest notice of recovery, without reminders', ['opened', 'failed', 'resolved', 'resolved'], '2'],
    ['its oldest entry, without either', ['opened', 'failed', 'opened', 'failed'], '0'],
  ])('loses %s when it is full', (_what, kinds, lost) => {
    const queue = queueOf(kinds.map((kind, n) => sampleAlert(String(n), { kind })));
    const { queue: after, dropped } = withAlert(queue, sampleAlert('new'), { max: 4, at: 2 });
    expect(dropped.map(({ id }) => id)).toEqual([lost]);
    expect(idsOf(after)).toHaveLength(4);
    expect(idsOf(after).at(-1)).toBe('new');
    expect(after.taken).toMatchObject([{ id: lost, by: 'nobody: the queue was full' }]);
  });

  it('remembers the last 200 that were taken, and all of one taking', () => {
    const queue = queueOf(Array.from({ length: 90 }, (_, n) => sampleAlert(`a${n}`)));
    let after = queue;
    for (let n = 0; n < 300; n += 1) {
      after = withAlert(after, sampleAlert(`b${n}`), { max: 999, at: 1 }).queue;
      after = withoutAlerts(after, [`b${n}`], { at: 2, by: 'me' });
    }
    expect(after.taken).toHaveLength(200);
    const many = queueOf(Array.from({ length: 400 }, (_, n) => sampleAlert(`c${n}`)));
    expect(withoutAlerts(many, idsOf(many), { at: 2, by: 'me' }).taken).toHaveLength(400);
  });

  it('sees what others removed and added, but not as removed what was never shown', () => {
    const shown = queueOf([sampleAlert('a'), sampleAlert('b')]);
    const { queue } = withAlert(shown, sampleAlert('unshown'), { max: 9, at: 1 });
    const { queue: after } = withSeen(queue, [sampleAlert('b'), sampleAlert('theirs')], { max: 9, at: 2 });
    expect(idsOf(after)).toEqual(['b', 'unshown', 'theirs']);
    expect(after.taken).toMatchObject([{ id: 'a', by: 'outside', takenAt: 2 }]);
  });
});
