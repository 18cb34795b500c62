import type { RunOutcome } from '../../../workflows/domain/step-status';
import type { Outcome } from '../../../workflows/rehearsal/schema';
import type { Program, Step } from '../../../workflows/runbook/plan';
import { group, operation, task, undoOf } from './plans';
import { effectsOf, play } from './play';

const worker = { on: 'worker' } as const;
const failing: readonly Outcome[] = [{ step: 'broken', fail: 'BROKEN' }];
const undo = undoOf('change', 'success', worker);

interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly program?: Partial<Program>;
  readonly outcomes?: readonly Outcome[];
  readonly outcome: RunOutcome;
  readonly degraded?: boolean;
  readonly effects: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'retry comes first: a step that succeeds on its second attempt has succeeded',
    steps: [task('broken', { retry: { attempts: 2, delayMs: 1000, backoff: 1 } })],
    outcomes: [{ step: 'broken', attempt: 1, fail: 'BROKEN' }],
    outcome: 'succeeded',
    effects: ['broken do'],
  },
  {
    name: 'a code that `on` does not name is not retried',
    steps: [task('broken', { retry: { attempts: 3, delayMs: 1000, backoff: 1, on: ['OTHER'] } })],
    outcomes: [{ step: 'broken', attempt: 1, fail: 'BROKEN' }],
    outcome: 'failed',
    effects: [],
  },
  {
    name: 'rescue comes after the last attempt, and its success is the success of the step',
    steps: [task('broken', { rescue: [task('repair')] }), task('next')],
    outcome: 'succeeded',
    effects: ['repair do', 'next do'],
  },
  {
    name: 'a rescue that fails leaves the step failed',
    steps: [task('broken', { rescue: [task('repair')] }), task('next')],
    outcomes: [...failing, { step: 'repair', fail: 'WORSE' }],
    outcome: 'failed',
    effects: [],
  },
  {
    name: '`onFailure: continue` goes on and degrades the run',
    steps: [task('broken', { onFailure: 'continue' }), task('next')],
    outcome: 'succeeded',
    degraded: true,
    effects: ['next do'],
  },
  {
    name: 'a group fails with its step, and its rescue takes it back',
    steps: [group('both', [task('broken'), task('never')], { rescue: [task('repair')] }), task('next')],
    outcome: 'succeeded',
    effects: ['repair do', 'next do'],
  },
  {
    name: '`onFailure: stop` of the runbook leaves what was changed, and runs finally',
    steps: [task('change', { undo }), task('broken')],
    program: { finally: [task('notify')] },
    outcome: 'failed',
    effects: ['change do', 'notify do'],
  },
  {
    name: '`onFailure: undo` undoes, then runs finally',
    steps: [task('change', { undo }), task('broken')],
    program: { onFailure: 'undo', finally: [task('notify')] },
    outcome: 'undone',
    effects: ['change do', 'change undo', 'notify do'],
  },
  {
    name: 'a failed `finally` makes a succeeded run failed',
    steps: [task('change')],
    program: { finally: [task('broken')] },
    outcome: 'failed',
    effects: ['change do'],
  },
  {
    name: 'a step that only reads is never undone',
    steps: [task('change', { undo, operation: operation({ name: 'http.request', effect: 'read' }) }), task('broken')],
    program: { onFailure: 'undo' },
    outcome: 'failed',
    effects: [],
  },
  {
    name: 'a step that changed nothing is not undone',
    steps: [task('change', { undo }), task('broken')],
    program: { onFailure: 'undo' },
    outcomes: [...failing, { step: 'change', changed: false }],
    outcome: 'failed',
    effects: ['change do'],
  },
  {
    name: '`after: started` also undoes a step that failed',
    steps: [task('broken', { undo: undoOf('broken', 'started', worker) })],
    program: { onFailure: 'undo' },
    outcomes: [{ step: 'broken', phase: 'do', fail: 'BROKEN' }],
    outcome: 'undone',
    effects: ['broken undo'],
  },
];

test.each(cases)('$name', async ({ steps, program = {}, outcomes = failing, outcome, degraded = false, effects }) => {
  const played = await play(steps, { program, script: { outcomes } });

  expect(played.problems).toEqual([]);
  expect({ outcome: played.result?.outcome, degraded: played.result?.degraded, effects: effectsOf(played) }).toEqual({
    outcome,
    degraded,
    effects,
  });
});

test('finally sees how the run ended', async () => {
  const notify = task('notify', {
    operation: operation({
      name: 'core.echo',
      effect: 'read',
      input: { map: { outcome: { expression: 'run.outcome' } } },
    }),
    reads: { names: ['run'], steps: [], hostSteps: [] },
  });

  const played = await play([task('broken')], { program: { finally: [notify] }, script: { outcomes: failing } });

  expect(played.problems).toEqual([]);
  expect(played.result?.outcome).toBe('failed');
});

test('retries wait as long as the rule says, and count in the record', async () => {
  const steps = [task('broken', { retry: { attempts: 3, delayMs: 10_000, backoff: 2 } })];

  const played = await play(steps, {
    script: {
      outcomes: [
        { step: 'broken', attempt: 3 },
        { step: 'broken', fail: 'BROKEN' },
      ],
    },
  });

  // Three attempts of a second each, with delays of 10 s and 20 s between them.
  expect(played.endedAt - played.state.startedAt).toBe(33_000);
  expect(played.journal.find(({ kind }) => kind === 'step.ended')?.payload).toMatchObject({
    attempts: 3,
    status: 'succeeded',
  });
});

test('`onFailure: ask` opens a task, and goes on as it is answered', async () => {
  const steps = [task('broken', { onFailure: 'ask' }), task('next')];
  const outcomes: readonly Outcome[] = [{ step: 'broken', attempt: 1, fail: 'BROKEN' }];
  const by = 'user/anna';

  const again = await play(steps, { script: { outcomes, answers: [{ task: 'failure', by, choose: 'retry' }] } });
  const on = await play(steps, { script: { outcomes, answers: [{ task: 'failure', by, choose: 'continue' }] } });
  const over = await play(steps, { script: { outcomes, answers: [{ task: 'failure', by, choose: 'stop' }] } });

  expect([again, on, over].map(({ result }) => [result?.outcome, result?.degraded])).toEqual([
    ['succeeded', false],
    ['succeeded', true],
    ['failed', false],
  ]);
  expect([again, on, over].map(effectsOf)).toEqual([['broken do', 'next do'], ['next do'], []]);
});

test('the runbook can ask what to do: try again from the failed step', async () => {
  const outcomes: readonly Outcome[] = [{ step: 'broken', attempt: 1, fail: 'BROKEN' }];
  const answers = [{ task: 'failure', by: 'user/anna', choose: 'retry' }];

  const played = await play([task('first'), task('broken')], {
    program: { onFailure: 'ask' },
    script: { outcomes, answers },
  });

  expect(played.result?.outcome).toBe('succeeded');
  expect(effectsOf(played)).toEqual(['first do', 'broken do']);
});

test('D1: an outcome that nobody can tell is asked about, and never repeated blindly', async () => {
  const unsafe = operation({ name: 'http.request', effect: 'unsafe' });
  const steps = [task('pay', { operation: unsafe, retry: { attempts: 5, delayMs: 1, backoff: 1 } }), task('next')];
  const outcomes: readonly Outcome[] = [{ step: 'pay', attempt: 1, lose: 'afterEffect' }];
  const answer = (choose: string) => [{ task: 'unknown', by: 'user/anna', choose }];

  const done = await play(steps, { script: { outcomes, answers: answer('done') } });
  const again = await play(steps, { script: { outcomes, answers: answer('not-done') } });
  const failed = await play(steps, { script: { outcomes, answers: answer('fail') } });

  expect([done, again, failed].map(({ result }) => result?.outcome)).toEqual(['succeeded', 'succeeded', 'failed']);
  expect(done.applied.map(({ key }) => key)).toEqual(['rehearsal/pay@1/do', 'rehearsal/next@1/do']);
  expect(again.applied.map(({ key }) => key)).toEqual([
    'rehearsal/pay@1/do',
    'rehearsal/pay@2/do',
    'rehearsal/next@1/do',
  ]);
});

test('a time limit of a group cancels what is in flight, and is a failure', async () => {
  const steps = [group('slow', [task('long'), task('never')], { timeoutMs: 30_000 })];

  const played = await play(steps, { script: { outcomes: [{ step: 'long', takes: 'PT5M' }] } });

  expect(played.result).toMatchObject({ outcome: 'failed', error: { code: 'TIMEOUT' } });
  expect(played.endedAt - played.state.startedAt).toBe(30_000);
});
