import type { RehearsalResult } from '../../../workflows/rehearsal';
import type { Control } from '../../../workflows/runbook/messages';
import type { Step } from '../../../workflows/runbook/plan';
import { program } from '../../support/program';
import { approval, body, common, group, metric, operation, rollout, task, undoOf } from './plans';
import { effectsOf, play } from './play';
import type { Playing } from './play';

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const worker = { on: 'worker' } as const;
const who = { actor: 'engine', via: 'engine' };

function deadline(cutoffAt: number | null, id = 'd'): Control {
  return { action: 'setDeadline', ...who, id, cutoffAt };
}

/** Every effect takes a second. The last instant to start is given by the time since the start; an hour later there is none any more. */
function playUntil(cutoffMs: number, steps: readonly Step[], playing: Playing = {}): Promise<RehearsalResult> {
  const lifted = { afterMs: hour, control: deadline(null, 'lift') };
  const set = { afterMs: 100, control: deadline(start + cutoffMs) };
  return play(steps, { hostCount: 3, controls: [set, lifted], ...playing });
}

/** What started before the deadline was lifted, and what started after. */
function startedAround({ rows }: RehearsalResult): {
  readonly before: readonly string[];
  readonly after: readonly string[];
} {
  const name = ({ step, host, phase, generation }: (typeof rows)[number]): string =>
    [step.split('/').at(-1), host, generation > 1 ? `@${generation}` : '', phase === 'undo' ? 'undo' : '']
      .filter((part) => part !== '')
      .join(' ');
  const late = rows.filter(({ startedAt }) => (startedAt ?? 0) >= start + hour);
  return { before: rows.filter((row) => !late.includes(row)).map(name), after: late.map(name) };
}

const list = (parallel: number): Step =>
  task('each', {
    operation: operation(),
    where: { on: 'hosts', set: 'web', single: false, parallel, maxFailures: 0, allowEmpty: false },
  });

const child: Step = {
  ...common('sub', 'runbook'),
  kind: 'runbook',
  program: program([task('inner'), task('last')]),
  with: {},
  undoable: true,
};

// R-WIN-1, D8: nothing that goes forward starts after the cutoff, and what starts exactly then is in time. Effects take a second each.
const boundaries: readonly (readonly [string, readonly Step[], readonly string[], readonly string[]])[] = [
  ['step', [task('one'), task('two'), task('three')], ['one', 'two'], ['three']],
  ['step of a group', [group('g', [task('one'), task('two'), task('three')])], ['one', 'two'], ['three']],
  [
    'branch that goes on',
    [
      {
        ...common('p', 'parallel'),
        kind: 'parallel',
        branches: [group('a', [task('one'), task('two'), task('three')])],
      },
    ],
    ['one', 'two'],
    ['three'],
  ],
  ['group of hosts', [rollout('up', [body('do')], { parallel: 1 })], ['do web1', 'do web2'], ['do web3']],
  [
    'wave',
    [rollout('up', [body('do')], { waves: [{ count: 2 }, { percent: 100 }], parallel: 1 })],
    ['do web1', 'do web2'],
    ['do web3'],
  ],
  [
    'step of a body',
    [rollout('up', [body('one'), body('two'), body('three')], { parallel: 1 })],
    ['one web1', 'two web1'],
    ['three web1', 'one web2', 'two web2', 'three web2', 'one web3', 'two web3', 'three web3'],
  ],
  ['host of a list', [task('one'), list(1)], ['one', 'each web1'], ['each web2', 'each web3']],
  ['step of a child run', [task('one'), child], ['one', 'inner'], ['last']],
  ['child run', [task('one'), task('two'), child], ['one', 'two'], ['inner', 'last']],
  ['item of a loop', [loop(task('do'))], ['do', 'do'], ['do']],
];

function loop(step: Step): Step {
  return {
    ...common('l', 'forEach'),
    kind: 'forEach',
    in: { literal: ['x', 'y', 'z'] },
    as: 'item',
    parallel: 1,
    maxFailures: 0,
    steps: [step],
  };
}

test.each(boundaries)('R-WIN-1: no %s starts after the cutoff', async (_what, steps, before, after) => {
  const played = await playUntil(1000, steps);

  expect(startedAround(played)).toEqual({ before, after });
  expect(played.result?.outcome).toBe('succeeded');
});

test.each(boundaries)(
  'R-WIN-1: no %s starts after the cutoff, wherever the run is entered again',
  async (_what, steps, before, after) => {
    for (let at = 1; at <= 12; at += 1) {
      const played = await playUntil(1000, steps, { suspendAt: (checkpoint) => checkpoint === at });

      expect(startedAround(played)).toEqual({ before, after });
    }
  },
);

test('R-WIN-1: no attempt starts after the cutoff', async () => {
  const retry = { attempts: 3, delayMs: 500, backoff: 1 };
  const outcomes = [
    { step: 'one', attempt: 1, fail: 'BROKEN' },
    { step: 'one', attempt: 2, fail: 'BROKEN' },
  ];

  const played = await playUntil(2000, [task('one', { retry })], { script: { outcomes } });

  expect(startedAround(played)).toEqual({ before: ['one', 'one @2'], after: ['one @3'] });
});

test('R-WIN-1: whoever waits for locks over the cutoff does not start when they come', async () => {
  const locks = ['service/shop'];
  const branches = [task('one', { locks }), task('two', { locks })];

  const played = await playUntil(500, [{ ...common('p', 'parallel'), kind: 'parallel', branches }]);

  expect(startedAround(played)).toEqual({ before: ['one'], after: ['two'] });
  expect(played.result?.outcome).toBe('succeeded');
});

test('R-WIN-1: the cutoff binds neither the gate nor undo nor what runs finally', async () => {
  const steps = [
    task('change', { undo: undoOf('change', 'success', worker) }),
    rollout('up', [body('do', { undo: undoOf('do') })], {
      gate: [metric('shop')],
      undoGate: [],
      onRolloutFailure: 'undo',
    }),
  ];
  const script = {
    outcomes: [
      { step: 'shop', wave: 0, result: { status: 200 } },
      { step: 'shop', result: { status: 500 } },
    ],
  };

  const played = await play(steps, {
    hostCount: 2,
    program: { onFailure: 'undo', finally: [task('notify')] },
    script,
    // Everything after the rollout's only step is late.
    controls: [{ afterMs: 100, control: deadline(start + 2500) }],
  });

  expect(effectsOf(played)).toEqual([
    'change do',
    'do web1 do',
    'do web2 do',
    'do web2 undo',
    'do web1 undo',
    'change undo',
    'notify do',
  ]);
  expect(played.result?.outcome).toBe('undone');
});

test('R-WIN-1: a run that waits past its cutoff says so, and until when things could start', async () => {
  const played = await playUntil(500, [task('one'), task('two')]);

  const states = played.journal.flatMap((entry) => (entry.kind === 'run.state' ? [entry.payload] : []));
  expect(states).toContainEqual({ state: 'waiting', reason: 'nothing starts after 2026-01-01T00:00:00.500Z' });
  expect(played.state.waits).toEqual({});
});

test('R-WIN-1: a deadline that is moved lets the run go on until the new one', async () => {
  const steps = [task('one'), task('two'), task('three'), task('four')];
  const controls = [
    { afterMs: 100, control: deadline(start + 500) },
    { afterMs: 60_000, control: deadline(start + 61_000, 'later') },
    { afterMs: hour, control: deadline(null, 'lift') },
  ];

  const played = await play(steps, { controls });

  expect(startedAround(played)).toEqual({ before: ['one', 'two', 'three'], after: ['four'] });
});

test('R-WIN-1, R-ROLL-10: the deadline of a host stands still while its next step may not start', async () => {
  const steps = [rollout('up', [body('one'), body('two')], { hostDeadlineMs: 60_000 })];

  const played = await playUntil(500, steps);

  expect(startedAround(played).after).toEqual(['two web1', 'two web2', 'two web3']);
  expect(played.result?.outcome).toBe('succeeded');
});

test('R-WIN-1: a run that was given its cutoff with its start has it from the first step on', async () => {
  const played = await playUntil(1000, [task('one'), child]);

  const told = played.journal.filter(({ kind }) => kind === 'run.control').map(({ key }) => key);
  expect(startedAround(played)).toEqual({ before: ['one', 'inner'], after: ['last'] });
  // The child was told only that it is lifted.
  expect(told).toEqual(['control/d', 'control/lift', 'control/rehearsal/setDeadline/0']);
});

test('R-WIN-1: nobody is asked to approve what may not start', async () => {
  const asked = await playUntil(500, [task('one'), approval('ok')], {
    script: { answers: [{ task: 'approval', by: 'user/anna', choose: 'approve' }] },
  });

  const opened = asked.journal.find(({ kind }) => kind === 'task.opened');
  expect((opened?.at ?? 0) - start).toBe(hour);
});

test.each([
  [
    'a step that people have tried again',
    [task('one', { onFailure: 'ask' })],
    [{ step: 'one', attempt: 1, fail: 'BROKEN' }],
  ],
  [
    'a step that nobody could tell about',
    [task('one', { operation: operation({ name: 'http.request', effect: 'unsafe' }) })],
    [{ step: 'one', attempt: 1, lose: 'beforeEffect' as const }],
  ],
  [
    'a step of a body that people have tried again',
    [rollout('up', [body('one', { onFailure: 'ask' })], { hostDeadlineMs: 60_000 })],
    [{ step: 'one', attempt: 1, exitCode: 1 }],
  ],
  [
    'an attempt in a body',
    [rollout('up', [body('one', { retry: { attempts: 2, delayMs: 500, backoff: 1 } })], { hostDeadlineMs: 60_000 })],
    [{ step: 'one', attempt: 1, exitCode: 1 }],
  ],
])('R-WIN-1: %s does not start again after the cutoff', async (_what, steps, outcomes) => {
  const answers = [
    { task: 'failure', by: 'user/anna', choose: 'retry', after: 'PT1M' },
    { task: 'unknown', by: 'user/anna', choose: 'not-done', after: 'PT1M' },
  ];

  for (let at = 0; at <= 12; at += 1) {
    const suspendAt = (checkpoint: number): boolean => checkpoint === at;
    const played = await playUntil(1000, steps, { hostCount: 1, suspendAt, script: { outcomes, answers } });

    expect(startedAround(played)).toMatchObject({
      before: [expect.stringContaining('one')],
      after: [expect.stringContaining('@2')],
    });
    expect(played.result?.outcome).toBe('succeeded');
  }
});
