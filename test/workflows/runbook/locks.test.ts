import { rehearse } from '../../../workflows/rehearsal';
import type { Step } from '../../../workflows/runbook/plan';
import { body, common, host, planOf, rollout, task } from './plans';
import { play } from './play';

test('locks of a step are held just for it, those of the run until its end', async () => {
  const played = await play([task('one', { locks: ['service/shop'] }), task('two')], {
    program: { locks: ['host/db1'] },
  });

  expect(played.result?.outcome).toBe('succeeded');
  expect(played.state.locks).toEqual([]);
});

test('D13: an undo that is given up keeps the locks', async () => {
  const undo = {
    kind: 'operation',
    after: 'success',
    at: 'one.undo',
    operation: task('x').operation,
    where: { on: 'worker' },
    reads: { names: [], steps: [], hostSteps: [] },
  } as const;
  const steps = [task('one', { undo }), task('broken')];
  const outcomes = [
    { step: 'broken', fail: 'BROKEN' },
    { step: 'one', phase: 'undo' as const, fail: 'STUCK' },
  ];

  const played = await play(steps, {
    program: { locks: ['host/db1'], onFailure: 'undo' },
    script: { outcomes, answers: [{ task: 'undo-failed', by: 'user/anna', choose: 'give-up' }] },
  });

  expect(played.result?.outcome).toBe('undo-failed');
  expect(played.state.locks).toEqual([{ path: 'run', names: ['host/db1'] }]);
});

test('concurrency takes one of the places', async () => {
  const played = await play([task('one')], {
    program: { concurrency: { key: 'shop', limit: 2, onConflict: 'refuse' } },
  });

  expect(played.result?.outcome).toBe('succeeded');
});

test('locks of a body step are taken by its group, those of its hosts as well', async () => {
  const steps = [rollout('up', [body('install', { locks: ['service/shop'], hostLocks: true })])];
  const hosts = ['web1', 'web2'].map((name) => ({ ...host(name), steps: { install: { locks: [`host/${name}`] } } }));

  const played = await rehearse({
    plan: planOf(steps, {}, 2),
    hosts: { web: hosts },
    script: { outcomes: [{ step: '*' }] },
  });

  expect(played.granted).toEqual([{ path: 'up/install/group:1', names: ['host/web1', 'host/web2', 'service/shop'] }]);
  expect(played.state.locks).toEqual([]);
});

test('two branches that need the same lock take turns, also when the run is suspended meanwhile', async () => {
  const branches = ['left', 'right'].map((id) => task(id, { locks: ['service/shop'] }));
  const steps: Step[] = [{ ...common('both', 'parallel'), kind: 'parallel', branches }];

  const played = await play(steps, { suspendAt: (checkpoint) => checkpoint === 2 || checkpoint === 5 });

  expect(played.result?.outcome).toBe('succeeded');
  expect(played.granted.map(({ path }) => path)).toEqual(['both/left', 'both/right']);
  expect(played.applied.map(({ times }) => times)).toEqual([1, 1]);
});
