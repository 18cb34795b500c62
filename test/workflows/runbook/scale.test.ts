import { body, group, operation, rollout, task, undoOf } from './plans';
import { play, repeated } from './play';

const light = operation({ name: 'core.echo', effect: 'read', light: true, input: { map: { n: { literal: 1 } } } });

test('a run of 3,000 steps comes to its end, suspended every 100 checkpoints, and leaves a small state', async () => {
  const steps = Array.from({ length: 3000 }, (_, index) => task(`s${index}`, { operation: light }));

  const played = await play(steps, { suspendAt: (checkpoint) => checkpoint % 100 === 0 });

  expect(played.result?.outcome).toBe('succeeded');
  expect(played.journal.filter(({ kind }) => kind === 'step.ended')).toHaveLength(3000);
  expect(JSON.stringify(played.state).length).toBeLessThan(2000);
}, 120_000);

test('3,000 steps that can all be undone keep a state that can be stored', async () => {
  const undo = undoOf('u', 'success', { on: 'worker' });
  const steps = [
    group(
      'all',
      Array.from({ length: 3000 }, (_, index) => task(`s${index}`, { undo })),
    ),
  ];

  const played = await play(steps);

  expect(played.state.undo).toHaveLength(3000);
  expect(JSON.stringify(played.state).length).toBeLessThan(1_000_000);
}, 120_000);

test('a rollout over 2,000 hosts survives being suspended at every 20th checkpoint, each effect once (D7)', async () => {
  const steps = [
    rollout('up', [body('drain', { undo: undoOf('drain') }), body('install'), body('undrain')], {
      parallel: 50,
      waves: [{ count: 1 }, { percent: 10 }, { percent: 100 }],
      maxFailures: { percent: 1 },
    }),
  ];
  const outcomes = [{ step: 'install', host: 'web700', exitCode: 1 }];

  const played = await play(steps, {
    hostCount: 2000,
    script: { outcomes },
    suspendAt: (checkpoint) => checkpoint % 20 === 0,
  });

  expect(played.result).toMatchObject({ outcome: 'succeeded', degraded: true });
  expect(played.applied).toHaveLength(2000 * 3 - 1);
  expect(repeated(played)).toEqual([]);
}, 120_000);

test('state of 10,000 hosts in the middle of a rollout is a few characters for each', async () => {
  const steps = [
    rollout('up', [body('install', { undo: undoOf('install') })], { parallel: 100, waves: [{ percent: 100 }] }),
  ];

  const played = await play(steps, {
    hostCount: 10_000,
    script: { outcomes: [{ step: 'install', host: 'web9950', exitCode: 1 }] },
  });

  expect(played.result?.outcome).toBe('failed');
  expect(JSON.stringify(played.state).length).toBeLessThan(30_000);
}, 120_000);
