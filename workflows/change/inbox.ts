import { electorateMoved } from '../approvals/desk';
import { answerDesk, hasDeskTask, validateDeskAnswer } from '../approvals/desk-answer';
import type { DeskState } from '../approvals/desk-state';
import { refusalOf } from '../domain/quorum';
import type { Refusal } from '../domain/quorum';
import type { Answer, AnswerResult } from '../domain/task';
import type { RunReport } from '../runbook/messages';
import { answerTask } from '../approvals/task-answer';
import { isInterruption } from '../effects';
import { refusalOfAct } from './acts';
import { conflictsNow } from './checks';
import { deskContext, nameOf } from './here';
import type { Here } from './here';
import { tryAgain } from './messages';
import type { ChangeAct, ChangeReply } from './messages';
import type { ChangeState } from './state';

/**
 * Everything that is sent to a change. Validators are synchronous and read only; handlers change the state between awaits. A binding
 * runs the answers of one change one after the other.
 */
export function validateAnswer(state: ChangeState, answer: Answer): Refusal | null {
  const desk = deskOf(state, answer);
  return desk === null ? refusalOf(state.tasks[answer.taskId], answer) : validateDeskAnswer(desk, answer);
}

export async function handleAnswer(here: Here, answer: Answer): Promise<AnswerResult> {
  const { state, input, effects } = here;
  const desk = deskOf(state, answer);
  const result =
    desk === null
      ? await answerTask({ tasks: state.tasks, requester: input.change.requester }, answer, effects)
      : await answerDesk(desk, answer, deskContext(here));
  // R-CONF-3: looked for at each vote; what was found before is not told again.
  if (desk !== null && desk === state.approval && result.accepted && state.phase === 'authorising')
    await conflictsNow({ when: 'vote' }, here);
  state.news += 1;
  return result;
}

/** The desk whose task it is, of those that are open or were. */
function deskOf({ approval, freeze, extension }: ChangeState, { taskId }: Answer): DeskState | null {
  const desks = [approval, freeze.desk, extension?.desk ?? null];
  return desks.find((desk) => desk !== null && hasDeskTask(desk, taskId)) ?? null;
}

export function validateAct(here: Pick<Here, 'state' | 'input'>, act: ChangeAct): Refusal | null {
  return refusalOfAct(here.state, act, nameOf(here));
}

/** Waits for the procedure to carry it out: one act after the other, and never beside what the procedure does itself. */
export async function handleAct(here: Here, act: ChangeAct): Promise<ChangeReply> {
  const { state, effects } = here;
  const isKnown = state.replies[act.id] !== undefined || state.acts.some(({ id }) => id === act.id);
  if (!isKnown) {
    state.acts = [...state.acts, act];
    state.news += 1;
  }
  try {
    await effects.waitFor(() => state.replies[act.id] !== undefined);
  } catch (error) {
    // It continues as new, and the act with it: asked again, it will have been answered.
    if (!isInterruption(error)) throw error;
    return {
      accepted: false,
      code: tryAgain,
      reason: `Cannot ${act.action} yet: the change is being moved`,
      problems: [],
    };
  }
  return state.replies[act.id] ?? lost(act);
}

function lost({ action }: ChangeAct): ChangeReply {
  return { accepted: false, code: 'CHANGE_STATE', reason: `Cannot ${action}: the change has ended`, problems: [] };
}

/** Calendars, people, definitions or other changes are not what they were. */
export async function receiveSurroundings(here: Here): Promise<void> {
  const { state } = here;
  for (const desk of [state.approval, state.freeze.desk, state.extension?.desk ?? null])
    if (desk !== null && desk.approval.phase.name === 'pending') await electorateMoved(desk, deskContext(here));
  state.news += 1;
}

/** An item that somebody else had may be free (D13). */
export function receiveItemNews({ state }: Here): void {
  state.news += 1;
}

/** A report may come twice, late, or not at all; what it says of a wave replaces what was known of it. */
export function receiveReport({ state }: Here, report: RunReport): void {
  const { run } = state;
  if (run === null || report.runId !== run.childId) return;
  switch (report.kind) {
    case 'waveReady': {
      const { path, wave, hosts, at } = report;
      run.ready[`${path}#${wave}`] = { path, wave, hosts, at };
      break;
    }
    case 'waveDone': {
      const { path, wave, ok, failed, at } = report;
      const others = run.done.filter((done) => done.path !== path || done.wave !== wave);
      run.done = [...others, { path, wave, ok, failed, startedAt: run.since ?? at, at }];
      run.since = null;
      break;
    }
    case 'noReturn':
      run.passedNoReturn = true;
      break;
    case 'gateVerdict':
    case 'deadlineReached':
      break;
  }
  state.news += 1;
}
