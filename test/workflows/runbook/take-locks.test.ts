import type { Effects } from '../../../workflows/effects';
import { takeLocks } from '../../../workflows/runbook/locks';
import { fakeRun } from './fake-effects';

// D13: a release that is not announced (its run was lost) must not be missed for longer than five minutes.
test('takeLocks() looks again at least every five minutes, and holds no activity meanwhile (D13)', async () => {
  const run = fakeRun();
  const foreign = { runId: 'other', path: 'x', names: ['b'] };
  await run.effects.lookUp('acquireLocks', foreign);
  const sleeps: number[] = [];
  const effects: Effects = {
    ...run.effects,
    async sleep(ms) {
      sleeps.push(ms);
      if (sleeps.length === 15) await run.effects.lookUp('releaseLocks', foreign);
    },
  };

  await takeLocks(['c', 'b', 'a'], 'step', { ...run.here, effects });

  expect(sleeps).toHaveLength(15);
  expect(Math.max(...sleeps)).toBe(300_000);
  expect(run.asked.filter((each) => each.startsWith('perform'))).toEqual([]);
  expect(run.state.locks).toEqual([{ path: 'step', names: ['a', 'b', 'c'] }]);
});
