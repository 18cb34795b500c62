import type { Control } from '../../../workflows/runbook/messages';
import type { Step } from '../../../workflows/runbook/plan';
import { program } from '../../support/program';
import { approval, body, common, operation, rollout, task, undoOf } from './plans';
import { effectsOf, play } from './play';

const worker = { on: 'worker' } as const;
const who = { actor: 'user/anna', via: 'cli' };

function at(afterMs: number, control: Control): { afterMs: number; control: Control } {
  return { afterMs, control };
}

const cancel = (keep: boolean): Control => ({ action: 'cancel', ...who, id: 'c1', keep, reason: 'changed my mind' });
const act = (action: 'pause' | 'resume' | 'hold' | 'release' | 'backOut', id: string): Control => ({
  action,
  ...who,
  id,
});

const change = task('change', { undo: undoOf('change', 'success', worker) });

test('cancel undoes what was changed, runs finally, and the outcome is cancelled', async () => {
  const played = await play([change, task('long')], {
    program: { finally: [task('notify')] },
    script: { outcomes: [{ step: 'long', takes: 'PT5M' }] },
    controls: [at(10_000, cancel(false))],
  });

  expect(played.result).toMatchObject({ outcome: 'cancelled', error: { code: 'CANCELLED' } });
  expect(effectsOf(played)).toEqual(['change do', 'long do', 'change undo', 'notify do']);
  expect(played.state.undone).toEqual(['change']);
});

test('cancel with keep leaves everything as it is', async () => {
  const played = await play([change, task('long')], {
    script: { outcomes: [{ step: 'long', takes: 'PT5M' }] },
    controls: [at(10_000, cancel(true))],
  });

  expect(played.result?.outcome).toBe('cancelled');
  expect(effectsOf(played)).toEqual(['change do', 'long do']);
});

test('D2: a cancelled job is killed and its host is cancelled, not failed', async () => {
  const steps = [rollout('up', [body('install', { undo: undoOf('install', 'started') })])];

  const played = await play(steps, {
    hostCount: 2,
    script: { outcomes: [{ step: 'install', takes: 'PT5M' }] },
    controls: [at(10_000, cancel(false))],
  });

  expect(played.journal.find((entry) => entry.kind === 'step.ended')?.payload).toMatchObject({ status: 'cancelled' });
  expect(effectsOf(played)).toEqual(['install web1 do', 'install web2 do', 'install web2 undo', 'install web1 undo']);
  expect(played.result?.outcome).toBe('cancelled');
});

test('cancel withdraws an open task', async () => {
  const played = await play([approval('ok')], { controls: [at(10_000, cancel(false))] });

  expect(played.result?.outcome).toBe('cancelled');
  expect(played.journal.find((entry) => entry.kind === 'task.closed')?.payload).toMatchObject({ reason: 'withdrawn' });
});

test('an undo that is under way is not cancelled', async () => {
  const played = await play([change, task('broken')], {
    program: { onFailure: 'undo' },
    script: {
      outcomes: [
        { step: 'broken', fail: 'BROKEN' },
        { step: 'change', phase: 'undo', takes: 'PT5M' },
      ],
    },
    controls: [at(60_000, cancel(true))],
  });

  expect(played.result?.outcome).toBe('undone');
  expect(effectsOf(played)).toEqual(['change do', 'change undo']);
});

// The number: at which checkpoint the run is suspended, and entered again.
test.each([0, 1, 2, 3, 4, 5, 6])(
  'a pause reaches the runs that a run waits for, at any depth, and so does going on (%i)',
  async (suspended) => {
    const child = (id: string, steps: readonly Step[]): Step => ({
      ...common(id, 'runbook'),
      kind: 'runbook',
      program: program(steps),
      with: {},
      undoable: true,
    });
    const steps = [child('outer', [child('inner', [task('first'), task('second')])]), task('last')];

    const played = await play(steps, {
      suspendAt: (checkpoint) => checkpoint === suspended,
      controls: [at(500, act('pause', 'p')), at(3_600_000, act('resume', 'r'))],
    });

    expect(played.result?.outcome).toBe('succeeded');
    expect(played.endedAt - played.state.startedAt).toBe(3_600_000 + 2000);
    const lives = played.journal.flatMap((entry) => (entry.kind === 'run.state' ? [entry.payload.state] : []));
    expect(lives).toEqual(expect.arrayContaining(['paused']));
    const relayed = played.journal.flatMap((entry) =>
      entry.kind === 'run.control' ? [`${entry.payload.action} by ${entry.actor}`] : [],
    );
    expect(relayed).toEqual([
      'pause by user/anna',
      'pause by engine',
      'pause by engine',
      'resume by user/anna',
      'resume by engine',
      'resume by engine',
    ]);
  },
);

test('a child that is begun again after its parent was cancelled while paused goes on', async () => {
  const steps: readonly Step[] = [
    {
      ...common('part', 'runbook'),
      kind: 'runbook',
      program: program([task('first'), task('second')]),
      with: {},
      undoable: true,
    },
  ];
  const first = await play(steps, { controls: [at(500, act('pause', 'p')), at(60_000, cancel(true))] });

  const second = await play(steps, {
    resume: { request: { by: 'user/anna' }, state: first.state, children: first.children },
  });

  expect(first.result?.outcome).toBe('cancelled');
  expect(second.result?.outcome).toBe('succeeded');
  expect(effectsOf(second)).toEqual(['second do']);
});

test('a paused run starts no further step until it is resumed', async () => {
  const played = await play([task('first'), task('second')], {
    controls: [at(500, act('pause', 'p')), at(3_600_000, act('resume', 'r'))],
  });

  expect(played.result?.outcome).toBe('succeeded');
  expect(played.endedAt - played.state.startedAt).toBe(3_600_000 + 1000);
  const lives = played.journal.flatMap((entry) => (entry.kind === 'run.state' ? [entry.payload.state] : []));
  expect(lives).toEqual(['running', 'paused', 'running']);
});

test('D8: a held rollout stops at the next group, and goes on when it is released', async () => {
  const steps = [rollout('up', [body('install')], { parallel: 1 })];

  const played = await play(steps, {
    hostCount: 3,
    controls: [at(500, act('hold', 'h')), at(600_000, act('release', 'r'))],
  });

  expect(played.result?.outcome).toBe('succeeded');
  expect(played.endedAt - played.state.startedAt).toBe(600_000 + 2000);
});

test('D8: backOut ends what is in flight and undoes the rollout, whatever its policy', async () => {
  const steps = [
    rollout('up', [body('install', { undo: undoOf('install', 'started') })], {
      parallel: 1,
      onRolloutFailure: 'stop',
    }),
  ];

  const played = await play(steps, { hostCount: 3, controls: [at(500, act('backOut', 'b'))] });

  expect(played.result?.outcome).toBe('undone');
  expect(effectsOf(played)).toEqual(['install web1 do', 'install web1 undo']);
});

test('a control that makes no sense is refused', async () => {
  const played = await play([task('first', { operation: operation({ name: 'http.request' }) })], {
    controls: [at(100, act('resume', 'r'))],
  });

  expect(played.journal.some(({ kind }) => kind === 'run.control')).toBe(false);
  expect(played.result?.outcome).toBe('succeeded');
});

test('run --check executes only what reads, and ends checked', async () => {
  const reading = task('look', { operation: operation({ name: 'http.request', effect: 'read' }) });

  const played = await play([approval('ok'), reading, change, rollout('up', [body('install')])], {
    check: true,
    hostCount: 2,
  });

  expect(played.result?.outcome).toBe('checked');
  expect(effectsOf(played)).toEqual([]);
});
