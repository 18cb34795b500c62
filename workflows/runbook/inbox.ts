import { answerDesk, hasDeskTask, validateDeskAnswer } from '../approvals/desk-answer';
import type { DeskState } from '../approvals/desk-state';
import { answerTask } from '../approvals/task-answer';
import { refusalOf } from '../domain/quorum';
import type { Refusal } from '../domain/quorum';
import type { Answer, AnswerResult } from '../domain/task';
import type { Effects } from '../effects';
import { deskContext } from './desks';
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
  const desk = deskOf(state, answer);
  return desk === undefined ? refusalOf(state.tasks[answer.taskId], answer) : validateDeskAnswer(desk, answer);
}

function deskOf({ desks }: RunState, { taskId }: Answer): DeskState | undefined {
  return Object.values(desks).find((desk) => hasDeskTask(desk, taskId));
}

/** Votes are counted by their desk. */
export async function handleAnswer(
  run: { readonly input: RunInput; readonly state: RunState },
  answer: Answer,
  effects: Effects,
): Promise<AnswerResult> {
  const { state, input } = run;
  const desk = deskOf(state, answer);
  if (desk !== undefined) return answerDesk(desk, answer, deskContext({ ...run, effects }));
  return answerTask({ tasks: state.tasks, requester: input.run.requester }, answer, effects);
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
      return state.control.held && (state.control.hard || control.hard !== true)
        ? cannot(control, 'RUN_HELD', 'it is held already')
        : null;
    case 'release':
      return state.control.held ? null : cannot(control, 'RUN_NOT_HELD', 'it is not held');
    case 'backOut':
      return notToBackOut(state, control);
    case 'cancel':
    case 'admitWave':
    case 'setDeadline':
      return null;
  }
}

/** What runs finally comes after every undo. */
function notToBackOut({ stage, control: { backOut } }: RunState, control: Control): Refusal | null {
  if (stage === 'finally' || stage === 'closed') return cannot(control, 'RUN_ENDING', 'it is ending');
  return backOut ? cannot(control, 'RUN_BACKING_OUT', 'it is being backed out already') : null;
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
      state.control.hard = control.hard ?? false;
      return;
    case 'release':
      state.control.held = false;
      state.control.hard = false;
      return;
    case 'admitWave':
      admit(state, control);
      return;
    case 'setDeadline':
      state.control.cutoffAt = control.cutoffAt;
      return;
    case 'backOut':
      state.control.backOut = true;
      return;
    case 'cancel':
      state.control.paused = false;
      state.control.cancel = { actor: control.actor, keep: control.keep, reason: control.reason };
  }
}

type Admission = Extract<Control, { action: 'admitWave' }>;

/** It may come before the run gets there, and more than once. */
function admit({ control }: RunState, { path, wave, removed = [] }: Admission): void {
  control.removed = [...new Set([...control.removed, ...removed])];
  const known = control.admitted[path] ?? [];
  if (!known.includes(wave)) control.admitted[path] = [...known, wave];
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
