import { predictWork, remainingWork } from '../../../workflows/domain/work-prediction';
import type { Estimate, KnownEstimate } from '../../../workflows/domain/estimate';

const unknown: Estimate = { source: 'none' };

function known(p95Ms: number, source: KnownEstimate['source'] = 'history'): Estimate {
  return { source, p50Ms: p95Ms - 20, p90Ms: p95Ms - 10, p95Ms };
}

test('R-WIN-2: predictWork() adds up what goes forward and what goes back, and says where the figures come from', () => {
  const forward = [
    { step: 'drain', estimate: known(100) },
    { step: 'install', estimate: known(200, 'few-runs') },
    { step: 'check', estimate: known(50) },
  ];
  const backOut = [{ step: 'install', estimate: known(80, 'runbook') }];

  expect(predictWork({ forward, backOut })).toEqual({
    kind: 'predicted',
    work: { p95Ms: 350, lastTaskStartP95Ms: 300, backOutP95Ms: 80 },
    source: 'runbook',
  });
});

test('a plan whose length nobody can tell is not predicted, and the steps are named', () => {
  const forward = [
    { step: 'drain', estimate: unknown },
    { step: 'install', estimate: known(200) },
  ];
  const backOut = [{ step: 'undrain', estimate: unknown }];

  expect(predictWork({ forward, backOut })).toEqual({ kind: 'unpredictable', steps: ['drain', 'undrain'] });
});

test('nothing to do takes no time', () => {
  expect(predictWork({ forward: [], backOut: [] })).toMatchObject({
    work: { p95Ms: 0, lastTaskStartP95Ms: 0, backOutP95Ms: 0 },
  });
});

test.each([
  [
    'one running, two to start',
    [{ estimate: known(100), elapsedMs: 30 }],
    [known(50), known(40)],
    60 + 40 + 30,
    60 + 40,
  ],
  [
    'two side by side end with the longer one',
    [
      { estimate: known(100), elapsedMs: 30 },
      { estimate: known(200), elapsedMs: 10 },
    ],
    [known(50)],
    180 + 40,
    180,
  ],
  ['all have started', [{ estimate: known(100), elapsedMs: 30 }], [], 60, 0],
  ['one takes longer than ever', [{ estimate: known(100), elapsedMs: 100 }], [known(50)], null, null],
  ['the last is not known', [{ estimate: known(100), elapsedMs: 30 }], [unknown], null, 60],
])('R-WIN-2: remainingWork() while %s', (_name, running, toStart, p90Ms, lastTaskStartP90Ms) => {
  expect(remainingWork(running, toStart)).toEqual({ p90Ms, lastTaskStartP90Ms });
});
