import { addVote, decisionOf, isRepeated, refusalOf, withoutVotesOf } from '../domain/quorum';
import type { OpenTask, Refusal } from '../domain/quorum';
import type { Answer, AnswerResult } from '../domain/task';
import type { Effects } from '../effects';
import { settleLife } from './life';
import type { ChildOutcome, Control, ControlResult, EventMessage, RunInput } from './messages';
import type { RunState } from './state';

/**
 * Everything that is sent to a run. Validators are synchronous and read only; handlers change the state between awaits, never
 * across one.
 *
 * - IN1 A binding runs the handlers of one run one after the other: a vote that awaits its eligibility must not be overtaken.
 * - IN2 An answer that a handler refuses is journaled there; one that a validator refuses is journaled by the API.
 */
export function validateAnswer(state: RunState, answer: Answer): Refusal | null {
  return refusalOf(state.tasks[answer.taskId], answer);
}

/** D9: eligible now? → journal the vote → is the task still open? → count it. */
export async function handleAnswer(
  run: { readonly input: RunInput; readonly state: RunState },
  answer: Answer,
  effects: Effects,
): Promise<AnswerResult> {
  const { state, input } = run;
  const open = state.tasks[answer.taskId];
  const refusal = refusalOf(open, answer);
  if (open === undefined || refusal !== null)
    return refuse(answer, refusal ?? { code: 'TASK_NOT_FOUND', reason: 'Cannot answer: no such task' }, effects);
  if (isRepeated(open, answer)) return counted(open);
  const { candidates, excludeRequester } = open.task;
  const { requester } = input.run;
  const asked = await effects.lookUp('eligibility', { actor: answer.actor, candidates, requester, excludeRequester });
  if (!asked.eligible) return refuse(answer, { code: 'NOT_ELIGIBLE', reason: asked.reason }, effects);
  const { actor, via } = answer;
  effects.record({ key: `${open.task.id}/${answer.id}/vote.cast`, kind: 'vote.cast', payload: answer, actor, via });
  await effects.flush();
  return count(run, answer, effects);
}

/** The awaits before let others in: the task may have been closed meanwhile, by an answer or by its due time. */
async function count(
  run: { readonly input: RunInput; readonly state: RunState },
  answer: Answer,
  effects: Effects,
): Promise<AnswerResult> {
  const { state } = run;
  const now = state.tasks[answer.taskId];
  const refusal = refusalOf(now, answer);
  if (now === undefined || refusal !== null)
    return refuse(answer, refusal ?? { code: 'TASK_NOT_FOUND', reason: 'Cannot answer: no such task' }, effects);
  const voted = addVote(now, answer);
  state.tasks[answer.taskId] = voted;
  if (decisionOf(voted) === null) return counted(voted);
  const standing = voted.votes.length > 1 ? await withoutLeavers(run, voted, effects) : voted;
  const current = state.tasks[answer.taskId];
  if (current === undefined || current.closed !== null) return counted(current ?? standing);
  const decided = { ...standing, closed: decisionOf(standing) };
  state.tasks[answer.taskId] = decided;
  return counted(decided);
}

/** R-APPR-4: whoever may no longer vote when the quorum is reached is not part of it. */
async function withoutLeavers(run: { readonly input: RunInput }, open: OpenTask, effects: Effects): Promise<OpenTask> {
  const { candidates, excludeRequester } = open.task;
  const { requester } = run.input.run;
  const left: string[] = [];
  for (const { actor } of open.votes.slice(0, -1)) {
    const asked = await effects.lookUp('eligibility', { actor, candidates, requester, excludeRequester });
    if (!asked.eligible) left.push(actor);
  }
  return withoutVotesOf(open, left);
}

async function refuse(answer: Answer, refusal: Refusal, effects: Effects): Promise<AnswerResult> {
  const { taskId, id, actor, via } = answer;
  const { code, reason } = refusal;
  effects.record({
    key: `${taskId}/${id}/task.refused`,
    kind: 'task.refused',
    payload: { taskId, answer, code, reason },
    actor,
    via,
  });
  await effects.flush();
  return { accepted: false, code, reason };
}

function counted(open: OpenTask): AnswerResult {
  return { accepted: true, decided: open.closed !== null, choice: open.closed?.choice ?? null };
}

export function validateControl(state: RunState, control: Control): Refusal | null {
  if (state.life === 'closed') return cannot(control, 'RUN_CLOSED', 'the run has ended');
  if (state.control.cancel !== null && control.action !== 'resume')
    return cannot(control, 'RUN_CANCELLING', 'the run is being cancelled');
  switch (control.action) {
    case 'pause':
      return state.control.paused ? cannot(control, 'RUN_PAUSED', 'it is paused already') : null;
    case 'resume':
      return state.control.paused ? null : cannot(control, 'RUN_NOT_PAUSED', 'it is not paused');
    case 'hold':
      return state.control.held ? cannot(control, 'RUN_HELD', 'it is held already') : null;
    case 'release':
      return state.control.held ? null : cannot(control, 'RUN_NOT_HELD', 'it is not held');
    case 'cancel':
    case 'backOut':
      return null;
  }
}

export async function handleControl(state: RunState, control: Control, effects: Effects): Promise<ControlResult> {
  const refusal = validateControl(state, control);
  if (refusal !== null) return { accepted: false, ...refusal };
  applyControl(state, control);
  const { id, action, actor, via, ...detail } = control;
  effects.record({ key: `control/${id}`, kind: 'run.control', payload: { action, detail: { ...detail } }, actor, via });
  settleLife({ state, effects }, action === 'resume' ? 'asked to go on' : `asked to ${action}`);
  await effects.flush();
  return { accepted: true, state: state.life };
}

export function applyControl(state: RunState, control: Control): void {
  switch (control.action) {
    case 'pause':
      state.control.paused = true;
      return;
    case 'resume':
      state.control.paused = false;
      return;
    case 'hold':
      state.control.held = true;
      return;
    case 'release':
      state.control.held = false;
      return;
    case 'backOut':
      state.control.backOut = true;
      return;
    case 'cancel':
      state.control.paused = false;
      state.control.cancel = { actor: control.actor, keep: control.keep, reason: control.reason };
  }
}

/** Events are kept for waits that look back; more than this many unread ones are a flood, and the oldest go. */
const eventsKept = 200;

export function receiveEvent(state: RunState, event: EventMessage, effects: Effects): void {
  if (state.events.some(({ id }) => id === event.id)) return;
  state.events = [...state.events, { ...event, receivedAt: effects.now() }].slice(-eventsKept);
  const { name, data, actor, via } = event;
  effects.record({ key: `event/${event.id}`, kind: 'event.received', payload: { name, data }, actor, via });
}

/** Whoever waits for locks asks again (D13). */
export function receiveLockNews(state: RunState): void {
  state.lockNews += 1;
}

export function receiveChildEnded(state: RunState, outcome: ChildOutcome): void {
  state.children[outcome.childId] = outcome;
}

function cannot(control: Control, code: string, why: string): Refusal {
  return { code, reason: `Cannot ${control.action} the run: ${why}` };
}
