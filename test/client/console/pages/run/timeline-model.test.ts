import { stepTree } from '../../../../../client/console/pages/run/step-tree';
import { timelineOf, usualDurations } from '../../../../../client/console/pages/run/timeline-model';
import { described, listed } from './steps';

const startMs = Date.parse('2026-11-21T09:00:00.000Z');
const plan = {
  steps: [
    described('build', { steps: [{ label: 'side by side', steps: [described('left'), described('right')] }] }),
    described('ship'),
  ],
  finally: [],
};
const usual = new Map([
  ['build/left', 4_000],
  ['build/right', 6_000],
  ['ship', 10_000],
]);

test('timelineOf() plans what goes on side by side together, and the next step after the longest of it', () => {
  const { rows, lengthMs } = timelineOf(stepTree(plan, []), { startMs, nowMs: startMs, usual });

  expect(rows.map(({ path, depth, planned, actual }) => ({ path, depth, planned, actual }))).toEqual([
    { path: 'build', depth: 0, planned: { fromMs: 0, toMs: 6_000 }, actual: null },
    { path: 'build/left', depth: 1, planned: { fromMs: 0, toMs: 4_000 }, actual: null },
    { path: 'build/right', depth: 1, planned: { fromMs: 0, toMs: 6_000 }, actual: null },
    { path: 'ship', depth: 0, planned: { fromMs: 6_000, toMs: 16_000 }, actual: null },
  ]);
  expect(lengthMs).toBe(16_000);
});

test('timelineOf() lets a step that goes on reach until now', () => {
  const tree = stepTree(plan, [
    listed('ship', { status: 'running', startedAt: '2026-11-21T09:00:05.000Z', endedAt: null }),
  ]);

  const { rows, lengthMs } = timelineOf(tree, { startMs, nowMs: startMs + 60_000, usual: new Map() });

  expect(rows.find(({ path }) => path === 'ship')?.actual).toEqual({ fromMs: 5_000, toMs: 60_000 });
  expect(lengthMs).toBe(60_000);
});

test('timelineOf() plans nothing where nothing is known', () => {
  const { rows } = timelineOf(stepTree(plan, []), { startMs, nowMs: startMs, usual: new Map() });

  expect(rows.every(({ planned }) => planned === null)).toBe(true);
});

test('usualDurations() adds up the waves of a rollout, and knows nothing of a step with a part that nobody knows', () => {
  const usually = usualDurations([
    { path: 'talk', usuallyMs: 1_000 },
    { path: 'talk', usuallyMs: 2_000 },
    { path: 'ship', usuallyMs: 500 },
    { path: 'ship', usuallyMs: null },
  ]);

  expect([...usually]).toEqual([['talk', 3_000]]);
});
