import { expect, test } from 'vitest';
import type { Figures } from '../src/core/figures-of-recovery.ts';
import { renderMetrics } from '../src/metrics.ts';
import { figureLines } from '../src/text/figures.ts';
import { calm, NOW } from './text/samples.ts';

const OWN = { lagP50Ms: 1, lagP99Ms: 2, looks: 3 };
const FIGURES: Figures = {
  from: NOW - 60_000,
  incidents: 4,
  recovered: 3,
  medianMs: 1_500,
  meanMs: 40_000,
  attempts: 3,
  helped: 2,
  neededPerson: 1,
  falseRecoveries: 1,
};

test('metrics tell what recovery has come to, for each target that had an incident', () => {
  const [target] = calm().targets;
  if (target === undefined) throw new Error('no target');
  const recovery = { state: 'degraded', figures: FIGURES } as const;
  const text = renderMetrics({ ...calm(), recovery, targets: [{ ...target, id: 'a"b', figures: FIGURES }] }, OWN);
  for (const line of [
    'jarvis_health_recovery_state{state="degraded"} 1',
    'jarvis_health_recovery_state{state="active"} 0',
    'jarvis_health_recovery_time_median_seconds{target="a\\"b"} 1.5',
    'jarvis_health_recovery_time_mean_seconds{target="a\\"b"} 40',
    'jarvis_health_recovery_success_ratio{target="a\\"b"} 0.6667',
    'jarvis_health_human_intervention_ratio{target="a\\"b"} 0.25',
    'jarvis_health_false_recoveries{target="a\\"b"} 1',
  ])
    expect(text.split('\n')).toContain(line);
});

test('metrics have no ratio where nothing was attempted, and none of this where nothing failed', () => {
  const [target] = calm().targets;
  if (target === undefined) throw new Error('no target');
  const figures = { ...FIGURES, attempts: 0, helped: 0 };
  expect(renderMetrics({ ...calm(), targets: [{ ...target, figures }] }, OWN)).not.toContain('success_ratio');
  expect(renderMetrics(calm(), OWN)).not.toMatch(/recovery_attempts|false_recoveries/);
});

test('the list of incidents ends with the figures in words', () => {
  const paper = { width: 80, color: false, unicode: true, nowMs: NOW };
  const words = (figures: Figures): string => figureLines(figures, paper).join(' ');
  expect(words(FIGURES)).toContain(
    '4 incidents, 3 got well (median 1 s, mean 40 s); 2 of 3 attempts helped; 1 needed a person; 1 false recovery.',
  );
  const { medianMs: _, meanMs: __, ...none } = FIGURES;
  expect(words({ ...none, recovered: 0, attempts: 0, neededPerson: 0, falseRecoveries: 0 })).toContain(
    '4 incidents, 0 got well; nothing was attempted; none needed a person; no false recovery.',
  );
});
