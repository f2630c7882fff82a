import { describe, expect, it } from 'vitest';
import { clean } from '../../dashboard/clean.ts';
import { readSnapshot } from '../../dashboard/read-snapshot.ts';
import {
  HISTORY_PLACE,
  readDataFile,
  renderDataFile,
  renderHistoryFile,
  renderPage,
  SNAPSHOT_PLACE,
} from '../../src/page/render.ts';
import { HOSTILE, spoiled } from './hostile.ts';
import { past } from './past.ts';
import { broken, calm } from './snapshots.ts';

const AT = 1_700_000_000_000;
const hostile = spoiled(broken(AT));

describe('text of unknown origin', () => {
  it('loses terminal escapes, controls, line breaks and marks that turn the reading', () => {
    expect(clean('a\u001b[31mred\u001b[0m\u001b]0;title\u0007b')).toBe('aredb');
    expect(clean('one\r\ntwo\u2028three\tfour')).toBe('one two three four');
    expect(clean('\u202egnp.exe\u202c \u2066x\u2069\u200e\u200f\ufeff\u0000\u009b')).toBe('gnp.exe x');
    expect(clean('half \ud83d pair')).toBe('half  pair');
  });

  it('keeps what is only foreign', () => {
    for (const text of ['Grüße, 服务器 🚀', 'שלום', 'نظام', '👩‍👩‍👧']) expect(clean(text)).toBe(text);
  });

  it('ends after 300 characters, and not within one', () => {
    expect(clean('x'.repeat(300))).toHaveLength(300);
    expect(clean('x'.repeat(301))).toBe(`${'x'.repeat(299)}…`);
    expect(clean(`${'x'.repeat(298)}🚀🚀`)).toBe(`${'x'.repeat(298)}…`);
  });
});

describe('reading a snapshot', () => {
  it('takes a snapshot, cleaned, and keeps a start command whole', () => {
    const long = `jarvis-health start --home ${'x'.repeat(400)}`;
    const reading = readSnapshot({ ...hostile, daemon: { ...hostile.daemon, startHint: long } });
    if (reading?.kind !== 'snapshot') throw new Error('not read');
    expect(reading.snapshot.daemon.startHint).toBe(long);
    expect(JSON.stringify(reading.snapshot)).not.toMatch(/\\u001b|\\u0000|\\n|\u202e|\u2028/);
    expect(reading.snapshot.verdict.headline).toContain('<img src=x');
  });

  it('takes what went through the files unchanged', () => {
    const through = JSON.parse(JSON.stringify(calm(AT))) as unknown;
    expect(readSnapshot(through)).toEqual({ kind: 'snapshot', snapshot: through });
  });

  it('says when the form is newer, whatever else it holds', () => {
    expect(readSnapshot({ schema: 2 })).toEqual({ kind: 'newer' });
  });

  it('refuses everything else', () => {
    const { verdict: _, ...torn } = calm(AT);
    for (const raw of [
      undefined,
      null,
      '',
      7,
      [],
      {},
      { schema: 1 },
      { schema: '2' },
      torn,
      { ...calm(AT), writtenAt: 'now' },
      { ...calm(AT), writtenAt: Number.NaN },
      { ...calm(AT), targets: {} },
      { ...calm(AT), targets: [null] },
      { ...calm(AT), incidents: [{ id: 1 }] },
    ]) {
      expect(readSnapshot(raw)).toBeUndefined();
    }
  });

  it('takes no entry for what an object is made of', () => {
    const raw = JSON.parse(
      JSON.stringify(calm(AT)).replace('"name"', '"__proto__":{"silences":1},"\\u0000__proto__":{},"name"'),
    );
    const reading = readSnapshot(raw);
    if (reading?.kind !== 'snapshot') throw new Error('not read');
    expect(reading.snapshot.host).toEqual(calm(AT).host);
    expect(Object.getPrototypeOf(reading.snapshot.host)).toBe(Object.prototype);
  });

  it('does not fall for a deep or endless structure', () => {
    let deep: unknown = 'x';
    for (let i = 0; i < 5000; i += 1) deep = { deep };
    expect(readSnapshot({ ...calm(AT), deep, many: Array(10_000).fill('x') })?.kind).toBe('snapshot');
  });
});

describe('writing a snapshot into a page and a script', () => {
  const template = `<script type="application/json">${SNAPSHOT_PLACE}</script><script>main()</script>`;

  it('leaves nothing that could end the element or the line it stands in', () => {
    for (const text of [renderPage(template, hostile), renderDataFile(hostile)]) {
      const inside = text.replace(template.slice(0, 32), '').replace('</script><script>main()</script>', '');
      expect(inside).not.toMatch(/[<\u2028-\u202e]|[^\P{Cc}\n]/u);
    }
  });

  it('keeps every character for the reader', () => {
    const page = renderPage(template, hostile);
    const json = page.slice(page.indexOf('>') + 1, page.indexOf('</script>'));
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(hostile)));
    expect(hostile.host.name).toBe(`${HOSTILE}atlas`);
  });

  it('hands the snapshot to whoever asked for it and does nothing elsewhere', () => {
    const script = renderDataFile(hostile);
    const heard: unknown[] = [];
    new Function('window', script)({ __jarvisHealth: (raw: unknown) => heard.push(raw) });
    expect(heard).toEqual([JSON.parse(JSON.stringify(hostile))]);
    expect(() => new Function('window', script)({})).not.toThrow();
  });

  it('reads its own data file back, and nothing torn', () => {
    const script = renderDataFile(calm(AT));
    expect(readDataFile(script)).toEqual(JSON.parse(JSON.stringify(calm(AT))));
    for (const end of [0, 1, 24, 300, script.length - 3, script.length - 1]) {
      expect(readDataFile(script.slice(0, end))).toBeUndefined();
    }
  });

  it('hands the history on in the same way', () => {
    const target = { ...past(AT).targets[0], id: HOSTILE };
    const spoiledPast = { ...past(AT), targets: [target] } as ReturnType<typeof past>;
    const heard: unknown[] = [];
    const script = renderHistoryFile(spoiledPast);
    new Function('window', script)({ __jarvisHealthHistory: (raw: unknown) => heard.push(raw) });
    expect(heard).toEqual([spoiledPast]);
    expect(script).not.toMatch(/[<\u2028-\u202e]|[^\P{Cc}\n]/u);
  });

  it('puts both in their places, whatever they quote', () => {
    const both = `<a>${SNAPSHOT_PLACE}</a><b>${HISTORY_PLACE}</b>`;
    const quoting = { ...calm(AT), host: { name: '{{history}}', tz: '{{snapshot}}', bootAt: 0 } };
    const page = renderPage(both, quoting, past(AT));
    expect(JSON.parse(page.slice(3, page.indexOf('</a>')))).toEqual(JSON.parse(JSON.stringify(quoting)));
    expect(JSON.parse(page.slice(page.indexOf('<b>') + 3, page.indexOf('</b>')))).toEqual(past(AT));
    expect(renderPage(both, quoting)).toContain(`<b>${HISTORY_PLACE}</b>`);
  });

  it('says when a template has no place for the snapshot', () => {
    expect(() => renderPage('<html></html>', calm(AT))).toThrow('no "{{snapshot}}"');
  });
});
