import { body, group, planOf, rollout, task, undoOf } from './plans';
import { effectsOf, play } from './play';

test('a run of two steps performs them in order and succeeds', async () => {
  const played = await play([task('first'), task('second')]);

  expect(played.problems).toEqual([]);
  expect(played.result).toMatchObject({ outcome: 'succeeded', degraded: false, error: null });
  expect(effectsOf(played)).toEqual(['first do', 'second do']);
});

test('a failed step stops the run with its own error', async () => {
  const played = await play([task('first'), task('second'), task('third')], {
    script: { outcomes: [{ step: 'second', fail: 'BROKEN' }] },
  });

  expect(played.result).toMatchObject({ outcome: 'failed', error: { code: 'BROKEN', step: 'second' } });
  expect(effectsOf(played)).toEqual(['first do']);
});

test('a rollout takes its hosts through the body group by group', async () => {
  const played = await play(
    [rollout('upgrade', [body('drain'), body('install')], { parallel: 2, waves: [{ count: 1 }, { percent: 100 }] })],
    { hostCount: 4 },
  );

  expect(played.result?.outcome).toBe('succeeded');
  expect(effectsOf(played)).toEqual([
    'drain web1 do',
    'install web1 do',
    'drain web2 do',
    'drain web3 do',
    'install web2 do',
    'install web3 do',
    'drain web4 do',
    'install web4 do',
  ]);
});

test('a rollout that fails undoes what it changed, newest host first', async () => {
  const steps = [
    rollout(
      'upgrade',
      [body('drain', { undo: undoOf('drain') }), body('install', { undo: undoOf('install', 'started') })],
      { parallel: 1, onRolloutFailure: 'undo' },
    ),
  ];

  const played = await play(steps, {
    hostCount: 3,
    script: { outcomes: [{ step: 'install', host: 'web2', exitCode: 1 }] },
  });

  expect(played.result?.outcome).toBe('undone');
  expect(effectsOf(played).slice(4)).toEqual([
    'install web2 undo',
    'drain web2 undo',
    'install web1 undo',
    'drain web1 undo',
  ]);
});

test('groups nest', async () => {
  const played = await play([group('outer', [task('first'), group('inner', [task('second')])])]);

  expect(played.result?.outcome).toBe('succeeded');
  expect(played.rows.map(({ path }) => path)).toEqual(['outer/first', 'outer/inner/second']);
});

test('plans in tests have a format', () => {
  expect(planOf([]).format).toBe('mainstay/plan/1');
});
