import type { RehearsalResult } from '../../../workflows/rehearsal';
import type { Outcome } from '../../../workflows/rehearsal/schema';
import type { ResumeRequest } from '../../../workflows/runbook/messages';
import type { Step } from '../../../workflows/runbook/plan';
import { body, common, group, rollout, task, undoOf } from './plans';
import { effectsOf, play } from './play';

const worker = { on: 'worker' } as const;

async function resumed(
  steps: readonly Step[],
  outcomes: readonly Outcome[],
  request: Partial<ResumeRequest> = {},
): Promise<readonly [RehearsalResult, RehearsalResult]> {
  const first = await play(steps, { hostCount: 4, script: { outcomes } });
  const second = await play(steps, {
    hostCount: 4,
    resume: { request: { by: 'user/anna', ...request }, state: first.state },
  });
  return [first, second];
}

test('D14: a failed run resumes from the failed step, under a generation that was not used', async () => {
  const [first, second] = await resumed([task('one'), task('two'), task('three')], [{ step: 'two', fail: 'BROKEN' }]);

  expect(first.result?.outcome).toBe('failed');
  expect(second.result?.outcome).toBe('succeeded');
  expect(second.applied.map(({ key }) => key)).toEqual(['rehearsal/two@2/do', 'rehearsal/three@2/do']);
});

test('a resume goes on at any depth', async () => {
  const steps = [group('outer', [task('one'), group('inner', [task('two'), task('three')])])];

  const [, second] = await resumed(steps, [{ step: 'three', fail: 'BROKEN' }]);

  expect(effectsOf(second)).toEqual(['three do']);
});

test('a rollout resumes for the failed hosts only, each from the step it failed at', async () => {
  const steps = [rollout('up', [body('drain'), body('install'), body('undrain')], { parallel: 2 })];

  const [first, second] = await resumed(steps, [{ step: 'install', host: 'web2', exitCode: 1 }]);

  expect(first.result?.outcome).toBe('failed');
  expect(second.result?.outcome).toBe('succeeded');
  expect(effectsOf(second)).toEqual([
    'install web2 do',
    'undrain web2 do',
    'drain web3 do',
    'drain web4 do',
    'install web3 do',
    'install web4 do',
    'undrain web3 do',
    'undrain web4 do',
  ]);
});

test('`--host` tries just the named ones again', async () => {
  const steps = [rollout('up', [body('install')], { maxFailures: { count: 1 } })];
  const outcomes: readonly Outcome[] = [
    { step: 'install', host: 'web1', exitCode: 1 },
    { step: 'install', host: 'web3', exitCode: 1 },
  ];

  const [, second] = await resumed(steps, outcomes, { hosts: ['web3'] });

  expect(effectsOf(second)).toEqual(['install web3 do']);
  expect(second.result).toMatchObject({ outcome: 'succeeded', degraded: true });
});

test('`--from` goes on from the named step', async () => {
  const [, second] = await resumed([task('one'), task('two'), task('three')], [{ step: 'three', fail: 'BROKEN' }], {
    from: 'two',
  });

  expect(effectsOf(second)).toEqual(['two do', 'three do']);
});

test('a loop resumes with the items that are not done', async () => {
  const steps: readonly Step[] = [
    {
      ...common('load', 'forEach'),
      kind: 'forEach',
      in: { literal: ['x', 'y', 'z'] },
      as: 'item',
      key: 'item',
      parallel: 1,
      maxFailures: 0,
      steps: [task('copy')],
    },
  ];

  const [, second] = await resumed(steps, [{ step: 'copy', item: 'y', fail: 'BROKEN' }]);

  expect(second.applied.map(({ key }) => key)).toEqual([
    'rehearsal/load/item:y/copy@2/do',
    'rehearsal/load/item:z/copy@2/do',
  ]);
});

test('undo of a run that has ended undoes what is on its stack', async () => {
  const change = task('change', { undo: undoOf('change', 'success', worker) });

  const [first, second] = await resumed([change], [], { undo: true });

  expect(first.result?.outcome).toBe('succeeded');
  expect(second.result?.outcome).toBe('undone');
  expect(effectsOf(second)).toEqual(['change undo']);
});

test('a run that was undone starts over when it is resumed', async () => {
  const change = task('change', { undo: undoOf('change', 'success', worker) });
  const first = await play([change, task('broken')], {
    program: { onFailure: 'undo' },
    script: { outcomes: [{ step: 'broken', fail: 'BROKEN' }] },
  });

  const second = await play([change, task('broken')], {
    program: { onFailure: 'undo' },
    resume: { request: { by: 'user/anna' }, state: first.state },
  });

  expect([first, second].map(({ result }) => result?.outcome)).toEqual(['undone', 'succeeded']);
  expect(effectsOf(second)).toEqual(['change do', 'broken do']);
});

test('a rollout that went back by itself starts over when it is resumed', async () => {
  const steps = [
    rollout('up', [body('install', { undo: undoOf('install') })], { parallel: 2, onRolloutFailure: 'undo' }),
  ];

  const [first, second] = await resumed(steps, [{ step: 'install', host: 'web3', exitCode: 1 }]);

  expect(first.result?.outcome).toBe('undone');
  expect(second.result?.outcome).toBe('succeeded');
  expect(effectsOf(second)).toEqual(['web1', 'web2', 'web3', 'web4'].map((host) => `install ${host} do`));
});

test('a cancelled rollout that was kept goes on with the hosts that are not through', async () => {
  const steps = [rollout('up', [body('drain'), body('install')], { parallel: 2 })];
  const controls = [
    {
      afterMs: 1500,
      control: { action: 'cancel', actor: 'user/anna', via: 'cli', id: 'c', keep: true, reason: '' } as const,
    },
  ];
  const first = await play(steps, {
    hostCount: 3,
    script: { outcomes: [{ step: 'install', takes: 'PT1M' }] },
    controls,
  });

  const second = await play(steps, { hostCount: 3, resume: { request: { by: 'user/anna' }, state: first.state } });

  expect([first, second].map(({ result }) => result?.outcome)).toEqual(['cancelled', 'succeeded']);
  expect(effectsOf(second)).toEqual(['install web1 do', 'install web2 do', 'drain web3 do', 'install web3 do']);
});
