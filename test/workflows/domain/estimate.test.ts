import fc from 'fast-check';

import {
  durationHistory,
  estimateOf,
  inSequence,
  remainingOf,
  repeated,
  sideBySide,
} from '../../../workflows/domain/estimate';
import type { Estimate, KnownEstimate } from '../../../workflows/domain/estimate';

const key = { step: 'install', phase: 'do', hostClass: 'web' } as const;

function historyOf(durationsMs: readonly number[]) {
  return durationHistory(durationsMs.map((durationMs) => ({ ...key, durationMs })));
}

function known(source: KnownEstimate['source'], p50Ms: number, p90Ms: number, p95Ms: number): KnownEstimate {
  return { source, p50Ms, p90Ms, p95Ms };
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}

test.each<[string, readonly number[], number | null, Estimate]>([
  ['no history and no estimate', [], null, { source: 'none' }],
  ['no history: the runbook says', [], 500, known('runbook', 500, 500, 500)],
  ['one run', [70], null, known('few-runs', 70, 70, 70)],
  ['a few quick runs are no reason to go below the runbook', [70, 80], 500, known('few-runs', 500, 500, 500)],
  ['a few slow runs count', [600, 400], 500, known('few-runs', 500, 600, 600)],
  ['19 runs are few', upTo(19), 15, known('few-runs', 15, 18, 19)],
  ['20 runs are a history, and the runbook is not asked', upTo(20), 500, known('history', 10, 18, 19)],
  ['100 runs', upTo(100).toReversed(), null, known('history', 50, 90, 95)],
])('estimateOf(): %s', (_name, durations, runbookMs, expected) => {
  expect(estimateOf(historyOf(durations), key, runbookMs)).toEqual(expected);
});

test('estimateOf() keeps steps, phases and host classes apart', () => {
  const history = historyOf([70]);

  expect(estimateOf(history, { ...key, phase: 'undo' }, null)).toEqual({ source: 'none' });
  expect(estimateOf(history, { ...key, hostClass: 'db' }, 9)).toEqual(known('runbook', 9, 9, 9));
  expect(estimateOf(history, { ...key, step: 'check' }, null)).toEqual({ source: 'none' });
});

test('a percentile is the smallest earlier duration that so many percent did not exceed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 20, maxLength: 60 }), (durations) => {
      const estimate = estimateOf(historyOf(durations), key, null);
      const reference = (percent: number): number =>
        Math.min(
          ...durations.filter(
            (ms) => durations.filter((other) => other <= ms).length * 100 >= percent * durations.length,
          ),
        );

      expect(estimate).toEqual(known('history', reference(50), reference(90), reference(95)));
    }),
  );
});

test('figures put together are as good as the weakest of them', () => {
  const parts = [known('history', 1, 2, 3), known('runbook', 10, 10, 10), known('few-runs', 5, 20, 30)];

  expect(inSequence(parts)).toEqual(known('runbook', 16, 32, 43));
  expect(sideBySide(parts)).toEqual(known('runbook', 10, 20, 30));
  expect(repeated(known('few-runs', 1, 2, 3), 4)).toEqual(known('few-runs', 4, 8, 12));
});

test('what nobody can tell is not taken for no time at all', () => {
  const parts: readonly Estimate[] = [known('history', 1, 2, 3), { source: 'none' }];

  expect([inSequence(parts), sideBySide(parts), repeated({ source: 'none' }, 3)]).toEqual([
    { source: 'none' },
    { source: 'none' },
    { source: 'none' },
  ]);
  expect(inSequence([])).toEqual(known('fixed', 0, 0, 0));
});

test.each<[string, number, Estimate]>([
  ['at its start', 0, known('history', 50, 90, 95)],
  ['under way', 40, known('history', 10, 50, 55)],
  ['at its p50', 50, known('history', 40, 40, 45)],
  ['past its p50', 60, known('history', 30, 30, 35)],
  ['past its p90', 92, known('history', 3, 3, 3)],
  ['at its p95: nobody can tell', 95, { source: 'none' }],
])('remainingOf() a step %s', (_name, elapsedMs, expected) => {
  expect(remainingOf(known('history', 50, 90, 95), elapsedMs)).toEqual(expected);
});
