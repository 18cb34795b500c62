import type { Step } from '../../../workflows/runbook/plan';
import { program } from '../../support/program';
import { approval, body, common, group, rollout, task, undoOf } from './plans';
import { effectsOf, play } from './play';

const slow = [{ step: 'slow', takes: 'PT5M' }];
const timeoutMs = 60_000;
const worker = { on: 'worker' } as const;

/** Each holds a step that takes five minutes, and has one. */
const containers: readonly (readonly [string, Step])[] = [
  ['group', group('box', [task('slow'), task('never')], { timeoutMs })],
  ['parallel', { ...common('box', 'parallel'), kind: 'parallel', branches: [task('quick'), task('slow')], timeoutMs }],
  [
    'forEach',
    {
      ...common('box', 'forEach'),
      kind: 'forEach',
      in: { literal: ['a', 'b'] },
      as: 'item',
      parallel: 1,
      maxFailures: 1,
      steps: [task('slow')],
      timeoutMs,
    },
  ],
  ['switch', { ...common('box', 'switch'), kind: 'switch', on: "'x'", cases: { x: [task('slow')] }, timeoutMs }],
  [
    'runbook',
    {
      ...common('box', 'runbook'),
      kind: 'runbook',
      program: program([task('slow')]),
      with: {},
      undoable: true,
      timeoutMs,
    },
  ],
  ['rollout', rollout('box', [body('slow')], { timeoutMs })],
];

describe('the time limit of a container', () => {
  test.each(containers)('%s: cancels what is in flight, and is a failure of the container', async (_, box) => {
    const played = await play([box, task('after')], { hostCount: 2, script: { outcomes: slow } });

    expect(played.result).toMatchObject({ outcome: 'failed', error: { code: 'TIMEOUT', step: 'box' } });
    expect(played.endedAt - played.state.startedAt).toBe(timeoutMs);
    expect(effectsOf(played).filter((effect) => !/slow|quick/.test(effect))).toEqual([]);
    expect(played.rows.filter(({ step }) => step.endsWith('slow')).map(({ status }) => status)).not.toContain(
      'succeeded',
    );
  });

  test.each(containers)('%s: is rescued, tolerated and undone like any other failure', async (_, box) => {
    const rescued = await play([{ ...box, rescue: [task('rescuer')] }, task('after')], {
      hostCount: 2,
      script: { outcomes: slow },
    });
    const tolerated = await play([{ ...box, onFailure: 'continue' }, task('after')], {
      hostCount: 2,
      script: { outcomes: slow },
    });
    const undone = await play([task('before', { undo: undoOf('before', 'success', worker) }), box], {
      hostCount: 2,
      program: { onFailure: 'undo' },
      script: { outcomes: slow },
    });

    expect(rescued.result).toMatchObject({ outcome: 'succeeded', degraded: false });
    expect(effectsOf(rescued).slice(-2)).toEqual(['rescuer do', 'after do']);
    expect(tolerated.result).toMatchObject({ outcome: 'succeeded', degraded: true });
    expect(undone.result?.outcome).toBe('undone');
  });

  test.each(containers)('%s: has as much time again when somebody tries once more', async (_, box) => {
    const played = await play([{ ...box, onFailure: 'ask' }], {
      hostCount: 2,
      script: {
        outcomes: slow,
        answers: [
          { task: 'failure', by: 'user/anna', choose: 'retry', after: 'PT1H' },
          { task: 'failure', by: 'user/anna', choose: 'stop', after: 'PT1H' },
        ],
      },
    });

    expect(played.endedAt - played.state.startedAt).toBe(2 * (timeoutMs + 3_600_000));
  });
});

test('the child of a step whose time is over is cancelled, and keeps what its parent undoes', async () => {
  const child = program([task('made', { undo: undoOf('made', 'success', worker) }), task('slow')]);
  const steps: readonly Step[] = [
    { ...common('box', 'runbook'), kind: 'runbook', program: child, with: {}, undoable: true, timeoutMs },
  ];

  const played = await play(steps, { program: { onFailure: 'undo' }, script: { outcomes: slow } });

  expect(played.result?.outcome).toBe('undone');
  expect(effectsOf(played)).toEqual(['made do', 'slow do', 'made undo']);
});

describe('the time limit of a run', () => {
  test('covers its steps', async () => {
    const played = await play([task('quick'), task('slow')], { program: { timeoutMs }, script: { outcomes: slow } });

    expect(played.result).toMatchObject({ outcome: 'failed', error: { code: 'TIMEOUT' } });
    expect(played.endedAt - played.state.startedAt).toBe(timeoutMs);
  });

  test('covers people who do not answer, whose question is withdrawn', async () => {
    const played = await play([approval('ok')], { program: { timeoutMs } });

    expect(played.result?.error?.code).toBe('TIMEOUT');
    expect(played.journal.filter(({ kind }) => kind === 'task.closed')).toHaveLength(1);
  });

  test('counts anew when the run is resumed, and when somebody tries again', async () => {
    const asked = await play([task('slow')], {
      program: { timeoutMs, onFailure: 'ask' },
      script: {
        outcomes: [{ step: 'slow', attempt: 1, takes: 'PT5M' }],
        answers: [{ task: 'failure', by: 'user/anna', choose: 'retry', after: 'PT1H' }],
      },
    });
    const first = await play([task('slow')], { program: { timeoutMs }, script: { outcomes: slow } });
    const resumed = await play([task('slow')], {
      program: { timeoutMs },
      script: { start: '2026-01-02T00:00:00Z' },
      resume: { request: { by: 'user/anna' }, state: first.state },
    });

    expect(asked.result?.outcome).toBe('succeeded');
    expect(resumed.result?.outcome).toBe('succeeded');
  });
});

describe('the time limit of a group in a body', () => {
  const outcomes = [{ step: 'slow', host: 'web2', takes: 'PT5M' }];
  const limited = group('box', [body('slow'), body('next')], { timeoutMs });

  test('fails the hosts that are not through, and the others go on', async () => {
    const played = await play([rollout('up', [limited, body('last')], { maxFailures: { count: 2 }, parallel: 1 })], {
      hostCount: 3,
      script: { outcomes },
    });

    expect(played.result).toMatchObject({ outcome: 'succeeded', degraded: true });
    expect(effectsOf(played).filter((effect) => effect.startsWith('last'))).toEqual(['last web1 do', 'last web3 do']);
    expect(played.state.exceptions).toEqual(['up: web2']);
  });

  test('is rescued for the hosts that it cut off', async () => {
    const steps = [rollout('up', [{ ...limited, rescue: [body('mend')] }, body('last')])];

    const played = await play(steps, { hostCount: 2, script: { outcomes } });

    expect(played.result).toMatchObject({ outcome: 'succeeded', degraded: false });
    // In lockstep: web1 had passed `slow`, and waited for web2 when the time was over.
    expect(effectsOf(played).slice(2)).toEqual(['mend web1 do', 'mend web2 do', 'last web1 do', 'last web2 do']);
  });

  test('gives another try the whole time again, from the beginning of the group', async () => {
    const steps = [rollout('up', [limited, body('last')], { onRolloutFailure: 'pause' })];

    const played = await play(steps, {
      hostCount: 1,
      script: {
        outcomes: [{ step: 'slow', attempt: 1, takes: 'PT5M' }],
        answers: [{ task: 'pause', by: 'user/anna', choose: 'retry' }],
      },
    });

    expect(played.result?.outcome).toBe('succeeded');
    expect(effectsOf(played)).toEqual(['slow web1 do', 'slow web1 do', 'next web1 do', 'last web1 do']);
  });
});
