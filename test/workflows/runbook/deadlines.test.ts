import type { RehearsalResult } from '../../../workflows/rehearsal';
import type { Outcome } from '../../../workflows/rehearsal/schema';
import type { Program, RunbookStep, Step, WaitStep } from '../../../workflows/runbook/plan';
import { program } from '../../support/program';
import { approval, body, common, group, metric, rollout, task } from './plans';
import { play, repeated } from './play';

const tenMinutes = 600_000;

function waitFor(id: string): WaitStep {
  return { ...common(id, 'wait'), kind: 'wait', wait: { for: { literal: tenMinutes } } };
}

function child(steps: readonly Step[]): RunbookStep {
  return { ...common('sub', 'runbook'), kind: 'runbook', program: program(steps), with: {}, undoable: false };
}

const silence = approval('ok', { silenceMeansConsent: true }, { due: { ms: tenMinutes }, onDue: 'approve' });
const samples = metric('shop', {
  sample: {
    everyMs: 120_000,
    count: 6,
    failureLimit: 0,
    inconclusiveLimit: 0,
    consecutiveErrorLimit: 4,
    consecutiveSuccess: 1,
  },
});
const long: Outcome = { step: 'long', takes: 'PT30M' };

interface Waiting {
  readonly step: Step;
  readonly outcomes?: readonly Outcome[];
  readonly program?: Partial<Program>;
}

// D7: what crosses into a new history are deadlines, never time that is left: it would begin anew each time.
describe('a run that is entered again many times while it waits ends at the same moment (D7)', () => {
  test.each<[string, Waiting]>([
    ['a wait', { step: waitFor('pause') }],
    ['a wait in a body', { step: rollout('up', [waitFor('pause'), body('install')]) }],
    ['a bake', { step: rollout('up', [body('install')], { bakeMs: tenMinutes }) }],
    ['samples of a gate', { step: rollout('up', [body('install')], { gate: [samples] }) }],
    ['a deadline of hosts', { step: rollout('up', [body('long')], { hostDeadlineMs: tenMinutes }), outcomes: [long] }],
    [
      'a delay before another attempt',
      {
        step: task('flaky', { retry: { attempts: 2, delayMs: tenMinutes, backoff: 1 } }),
        outcomes: [{ step: 'flaky', attempt: 1, fail: 'BROKEN' }],
      },
    ],
    ['a question with a due time', { step: silence }],
    ['a time limit of the run', { step: waitFor('pause'), program: { timeoutMs: 120_000 } }],
    ['a child run', { step: child([task('inner'), waitFor('pause')]) }],
  ])('%s', async (_what, waiting) => {
    const whole = await playBeside(waiting, () => false);
    let suspensions = 0;

    const interrupted = await playBeside(waiting, (checkpoint) => {
      const isSuspended = checkpoint % 4 === 0;
      if (isSuspended) suspensions += 1;
      return isSuspended;
    });

    expect(suspensions).toBeGreaterThan(5);
    expect(essence(interrupted)).toEqual(essence(whole));
    expect(repeated(interrupted)).toEqual([]);
  });
});

/** Another branch works on meanwhile: its boundaries are where the run is left. */
function playBeside(
  { step, outcomes = [], program: more }: Waiting,
  suspendAt: (checkpoint: number) => boolean,
): Promise<RehearsalResult> {
  const busy = group(
    'busy',
    Array.from({ length: 30 }, (_, index) => task(`work${index}`)),
  );
  const both: Step = { ...common('both', 'parallel'), kind: 'parallel', branches: [step, busy] };
  const script = { outcomes: [...outcomes, { step: 'shop', result: { status: 200 } }] };
  return play([both], { hostCount: 2, suspendAt, script, ...(more === undefined ? {} : { program: more }) });
}

function essence(played: RehearsalResult): unknown {
  const { result, problems, endedAt, journal, applied } = played;
  const children = journal.filter(({ kind }) => kind === 'child.started').length;
  return { outcome: result?.outcome, problems, endedAt, children, applied: applied.map(({ key }) => key).sort() };
}
