import { rehearse } from '../../../workflows/rehearsal';
import type { Step } from '../../../workflows/runbook/plan';
import { program } from '../../support/program';
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

test('branches that wait for the same lock go on the moment it is released, in the order of asking (D13)', async () => {
  const branches = ['one', 'two', 'three'].map((id) => task(id, { locks: ['service/shop'] }));
  const steps: Step[] = [{ ...common('all', 'parallel'), kind: 'parallel', branches }];
  const outcomes = [{ step: '*', phase: '*' as const, takes: 'PT10S' }];

  const played = await play(steps, { script: { outcomes } });

  expect(played.granted.map(({ path }) => path)).toEqual(['all/one', 'all/two', 'all/three']);
  // Nobody waited for the look that comes every five minutes.
  expect(played.endedAt - Date.UTC(2026, 0, 1)).toBe(30_000);
});

test('a child run that waits for a lock is told of its release as well (D13)', async () => {
  const child = program([task('inner', { locks: ['service/shop'] })]);
  const branches: Step[] = [
    task('first', { locks: ['service/shop'] }),
    { ...common('sub', 'runbook'), kind: 'runbook', program: child, with: {}, undoable: false },
  ];
  const outcomes = [{ step: '*', phase: '*' as const, takes: 'PT10S' }];

  const played = await play([{ ...common('all', 'parallel'), kind: 'parallel', branches }], { script: { outcomes } });

  expect(played.result?.outcome).toBe('succeeded');
  expect(played.granted.map(({ path }) => path)).toEqual(['all/first', 'inner']);
  expect(played.endedAt - Date.UTC(2026, 0, 1)).toBe(20_000);
});

test('a step that runs out of time while it waits gives up its place (D13)', async () => {
  const branches: Step[] = [
    task('holds', { locks: ['service/shop'] }),
    {
      ...common('box', 'parallel'),
      kind: 'parallel',
      onFailure: 'continue',
      timeoutMs: 5_000,
      branches: [task('both', { locks: ['service/shop', 'service/web'] })],
    },
  ];
  const outcomes = [{ step: '*', phase: '*' as const, takes: 'PT10S' }];

  const played = await play(
    [{ ...common('all', 'parallel'), kind: 'parallel', branches }, task('last', { locks: ['service/web'] })],
    { script: { outcomes } },
  );

  expect(played.granted.map(({ path }) => path)).toEqual(['all/holds', 'last']);
  expect(played.endedAt - Date.UTC(2026, 0, 1)).toBe(20_000);
});

test('concurrency waits for whichever place is free first (D13)', async () => {
  const child = program([task('inner')], { concurrency: { key: 'shop', limit: 2, onConflict: 'wait' } });
  const branches: Step[] = ['a', 'b', 'c'].map((id) => ({
    ...common(id, 'runbook'),
    kind: 'runbook',
    program: child,
    with: {},
    undoable: false,
  }));
  const outcomes = [{ step: '*', phase: '*' as const, takes: 'PT10S' }];

  const played = await play([{ ...common('all', 'parallel'), kind: 'parallel', branches }], { script: { outcomes } });

  expect(played.granted.map(({ names }) => names)).toEqual([
    ['concurrency/shop/1'],
    ['concurrency/shop/2'],
    ['concurrency/shop/1'],
  ]);
  expect(played.endedAt - Date.UTC(2026, 0, 1)).toBe(20_000);
});
