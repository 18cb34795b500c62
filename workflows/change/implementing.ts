import { awaitDesk, deskDueAt, tendDesk } from '../approvals/desk';
import { executionFlags, lastStartMs } from '../domain/window';
import type { ChildOutcome, ChildRun } from '../runbook/messages';
import { answerAct, hasAct } from './acts';
import type { ActHandlers } from './acts';
import { cancel } from './cancelling';
import { flagOverrun } from './duty';
import { extend } from './extending';
import { move, note } from './facts';
import { deskContext, within } from './here';
import type { Here } from './here';
import { freeItems } from './items';
import { withdrawQuestion } from './question';
import { keepSteering } from './steering';
import { editText } from './submission';

const runningActs: ActHandlers = { edit: editText, extend, cancel };

/** The one run of the approved plan begins. */
export function beginRun(here: Here): void {
  const { state, effects, input } = here;
  const { window } = state;
  state.run = {
    childId: `r${input.change.id.slice(1)}`,
    startedAt: effects.now(),
    ready: {},
    admitted: [],
    done: [],
    since: effects.now(),
    orders: 0,
    waitingFor: null,
    duty: null,
    extensionAsked: false,
    held: null,
    passedNoReturn: false,
    backOut: null,
    cutoffAt: lastStartMs(window),
    outcome: null,
    endedAt: null,
  };
  move(here, 'start', `run ${state.run.childId}`);
}

/** The run goes on; meanwhile it is steered, and whoever has something to say is heard. */
export async function implement(here: Here): Promise<void> {
  await here.effects.race<void>(
    [(inner) => followRun(within(here, inner))],
    [
      (inner) => keepSteering(within(here, inner)),
      (inner) => keepAnswering(within(here, inner)),
      (inner) => keepTending(within(here, inner)),
    ],
  );
  conclude(here);
  // Nothing goes back any more: others may have the items. After a failed back-out they stay locked.
  if (here.state.phase === 'reviewing') await freeItems(here);
}

async function followRun(here: Here): Promise<void> {
  const { state, effects } = here;
  const { run, plan } = state;
  if (run === null || plan === null || run.outcome !== null) return;
  const { program } = await effects.lookUp('loadProgram', { planDigest: plan.planDigest });
  const { planHash, planDigest, targetCounts } = plan;
  const child: ChildRun = {
    path: 'run',
    childId: run.childId,
    program,
    inputs: {},
    undo: false,
    plan: { planHash, planDigest, targetCounts },
    steered: true,
    cutoffAt: run.cutoffAt,
  };
  run.outcome = await effects.startRun(child);
  run.endedAt = effects.now();
}

async function keepAnswering(here: Here): Promise<never> {
  for (;;) {
    await here.effects.waitFor(() => hasAct(here));
    await answerAct(runningActs, here);
    here.state.news += 1;
  }
}

/** Validity, the second approval of an emergency, the vote on an extension: whatever of them is due. */
async function keepTending(here: Here): Promise<never> {
  const { state, effects } = here;
  for (;;) {
    const { extension, approval, news } = state;
    if (extension !== null && extension.desk.approval.phase.name === 'pending') {
      await effects.race<unknown>([
        (inner) => awaitDesk(extension.desk, deskContext(within(here, inner))),
        (inner) => inner.waitFor(() => state.extension !== extension),
      ]);
      state.news += 1;
    }
    const dueAt = approval === null ? null : deskDueAt(approval);
    const turns = approval?.turns;
    const isNews = (): boolean => state.news !== news || state.approval?.turns !== turns;
    const moved = await effects.waitFor(isNews, dueAt ?? undefined);
    if (moved || approval === null) continue;
    await tendDesk(approval, deskContext(here));
    state.news += 1;
  }
}

/** How it ended, whoever decided so: the change, its run by its own policy, or a person. */
function conclude(here: Here): void {
  const { state } = here;
  const outcome = state.run?.outcome ?? null;
  if (outcome === null) return;
  for (const about of ['duty', 'freeze', 'expired', 'no-return'] as const) withdrawQuestion(about, here);
  flagExecution(here);
  noteRunEnd(outcome, here);
  const wentBack = outcome.outcome === 'undone' || outcome.outcome === 'undo-failed';
  if (wentBack && state.phase === 'implementing') move(here, 'backOut', outcome.error?.message ?? 'the run went back');
  if (state.phase === 'implementing') return move(here, 'complete', `the run ${outcome.outcome}`);
  if (outcome.outcome === 'undone') return move(here, 'backedOut', 'everything that was changed is undone');
  if (outcome.outcome === 'succeeded')
    return move(here, 'complete', 'the run was through before it could be called back');
  move(here, 'fail', outcome.error?.message ?? `the run ended ${outcome.outcome}`);
}

function noteRunEnd(outcome: ChildOutcome, here: Here): void {
  const { childId, degraded, error } = outcome;
  const how = degraded ? 'with exceptions' : 'as planned';
  const reason = `run ${childId}: ${error === null ? how : `${error.code}: ${error.message}`}`;
  note(here, 'change.steered', { action: outcome.outcome, wave: null, reason });
}

function flagExecution(here: Here): void {
  const { state, effects } = here;
  const { run, window } = state;
  if (run === null) return;
  const execution = { startedAtMs: run.startedAt, endedAtMs: run.endedAt, startApproved: false };
  const { overrun, unauthorised } = executionFlags(window, execution, effects.now());
  if (overrun) flagOverrun(here);
  if (!unauthorised || state.flags.unauthorised) return;
  state.flags = { ...state.flags, unauthorised: true };
  note(here, 'change.flagged', { flag: 'unauthorised', reason: 'it started outside of its window' });
}
