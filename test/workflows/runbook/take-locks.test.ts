import type { Effects } from '../../../workflows/effects';
import { receiveLockNews } from '../../../workflows/runbook/inbox';
import { freeLocks, takeLocks } from '../../../workflows/runbook/locks';
import { fakeRun } from './fake-effects';
import type { FakeRun } from './fake-effects';

const foreign = { runId: 'other', path: 'x', names: ['b'] };

/** Time passes when nothing else happens; `meanwhile` says what happens in the wait of that number. */
function waiting(run: FakeRun, meanwhile: (wait: number) => Promise<void>): { effects: Effects; waits: number[] } {
  let now = 0;
  const waits: number[] = [];
  const effects: Effects = {
    ...run.effects,
    now: () => now,
    async waitFor(predicate, until = Number.POSITIVE_INFINITY) {
      waits.push(until - now);
      await meanwhile(waits.length);
      if (predicate()) return true;
      now = until;
      return false;
    },
  };
  return { effects, waits };
}

// D13: a release that is not announced (its run was lost) must not be missed for longer than five minutes.
test('takeLocks() looks again at least every five minutes, and holds no activity meanwhile (D13)', async () => {
  const run = fakeRun();
  await run.effects.lookUp('acquireLocks', foreign);
  const { effects, waits } = waiting(run, async (wait) => {
    if (wait === 3) await run.effects.lookUp('releaseLocks', foreign);
  });

  await takeLocks(['c', 'b', 'a'], 'step', { ...run.here, effects });

  expect(waits).toEqual([300_000, 300_000, 300_000]);
  expect(run.asked.filter((each) => each.startsWith('perform'))).toEqual([]);
  expect(run.state.locks).toEqual([{ path: 'step', names: ['a', 'b', 'c'] }]);
});

test('takeLocks() asks again as soon as it is told, without any time passing (D13)', async () => {
  const run = fakeRun();
  await run.effects.lookUp('acquireLocks', foreign);
  const { effects, waits } = waiting(run, async () => {
    await run.effects.lookUp('releaseLocks', foreign);
    receiveLockNews(run.state);
  });

  await takeLocks(['b'], 'step', { ...run.here, effects });

  expect(waits).toEqual([300_000]);
  expect(effects.now()).toBe(0);
});

test('takeLocks() does not miss what it is told while it asks (D13)', async () => {
  const run = fakeRun();
  await run.effects.lookUp('acquireLocks', foreign);
  const { effects } = waiting(run, async () => {});
  const told: Effects = {
    ...effects,
    lookUp: (async (question, asked) => {
      const answer = await effects.lookUp(question, asked);
      if (run.state.lockNews === 0) {
        await effects.lookUp('releaseLocks', foreign);
        receiveLockNews(run.state);
      }
      return answer;
    }) satisfies Effects['lookUp'],
  };

  await takeLocks(['b'], 'step', { ...run.here, effects: told });

  expect(effects.now()).toBe(0);
});

test('a release tells the other runs whose turn it is, and only them, oldest first (D13)', async () => {
  const run = fakeRun();
  await takeLocks(['a', 'b'], 'step', run.here);
  for (const [runId, names] of [
    ['r7', ['a']],
    ['r6', ['b']],
    ['r8', ['a']],
  ] as const)
    await run.effects.lookUp('acquireLocks', { runId, path: 'x', names });

  await freeLocks('step', run.here);

  expect(run.asked.filter((each) => each.startsWith('wake'))).toEqual(['wake r7 r6']);
});
