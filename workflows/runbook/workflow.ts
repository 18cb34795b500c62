import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  setHandler,
} from '@temporalio/workflow';

import type { Json } from '../domain/json';
import type { Answer, AnswerResult } from '../domain/task';
import { isInterruption } from '../effects';
import { bindEffects } from '../temporal-effects';
import type { TemporalBinding } from '../temporal-effects';
import {
  handleAnswer,
  handleControl,
  receiveChildEnded,
  receiveEvent,
  receiveLockNews,
  validateAnswer,
  validateControl,
} from './inbox';
import { enterState, runbookProcedure } from './interpret';
import type { ChildOutcome, Control, ControlResult, EventMessage, RunInput, RunResult } from './messages';
import { messageNames, workflowIdOf } from './messages';
import { openTasks } from './tasks';
import type { RunState } from './state';

const answerUpdate = defineUpdate<AnswerResult, [Answer]>(messageNames.answer);
const controlUpdate = defineUpdate<ControlResult, [Control]>(messageNames.control);
/** As a signal it comes from another run, which cannot send updates. */
const controlSignal = defineSignal<[Control]>(messageNames.control);
const eventSignal = defineSignal<[EventMessage]>(messageNames.event);
const childEndedSignal = defineSignal<[ChildOutcome]>(messageNames.childEnded);
const lockNewsSignal = defineSignal(messageNames.lockNews);
const viewQuery = defineQuery<RunStateView>(messageNames.view);

/** A small part of the state, for people who look at Temporal itself; screens read the folds of the journal. */
export interface RunStateView {
  readonly stage: string;
  readonly life: string;
  readonly openTasks: readonly string[];
}

/** One run of a plan. Temporal's own cancel is a message like any other: the procedure decides how the run ends. */
export async function runbookRun(input: RunInput): Promise<RunResult> {
  const binding = bindEffects(input);
  const inbox = openInbox(input, binding);
  return CancellationScope.nonCancellable(() => live(input, binding, inbox));
}

async function live(input: RunInput, binding: TemporalBinding, inbox: Inbox): Promise<RunResult> {
  const { effects, journal } = binding;
  const state = await enterState(input, effects);
  inbox.open(state);
  try {
    const result = await runbookProcedure(input, state, effects);
    await condition(allHandlersFinished);
    await effects.flush();
    await tellParent(input, { childId: input.run.id, ...result });
    return { ...result, journalHead: journal.head };
  } catch (error) {
    if (!isInterruption(error) || error.reason !== 'suspend') throw error;
    const stateDigest = await saveSettled(input, { state, binding, inbox });
    return continueAsNew<typeof runbookRun>({ ...input, stateDigest });
  }
}

interface Inbox {
  /** From here on messages are handled; those that came before waited. */
  open(state: RunState): void;
  /** How many messages have been handled. */
  readonly handled: number;
}

/** Handlers are there before the first await: a message that comes with the start must not be lost. */
function openInbox(input: RunInput, binding: TemporalBinding): Inbox {
  const { effects } = binding;
  let state: RunState | null = null;
  let handled = 0;
  let last: Promise<unknown> = Promise.resolve();
  /** One message at a time: a vote that awaits its eligibility must not be overtaken by the next (D9). */
  async function inTurn<T>(handle: (entered: RunState) => Promise<T>): Promise<T> {
    await condition(() => state !== null);
    const entered = state;
    if (entered === null) throw ApplicationFailure.nonRetryable('Cannot handle a message: the run is not open');
    const turn = last.then(() => handle(entered));
    last = turn.then(
      () => undefined,
      () => undefined,
    );
    const result = await turn;
    handled += 1;
    return result;
  }
  setHandler(answerUpdate, (answer) => inTurn((entered) => handleAnswer({ input, state: entered }, answer, effects)), {
    validator: (answer) => refuse(state === null ? null : validateAnswer(state, answer)),
  });
  setHandler(controlUpdate, (control) => inTurn((entered) => handleControl(entered, control, effects)), {
    validator: (control) => refuse(state === null ? null : validateControl(state, control)),
  });
  setHandler(controlSignal, async (control) => {
    await inTurn((entered) => handleControl(entered, control, effects));
  });
  setHandler(eventSignal, (event) => inTurn(async (entered) => receiveEvent(entered, event, effects)));
  setHandler(childEndedSignal, (outcome) => {
    binding.childEnded(outcome);
    return inTurn(async (entered) => receiveChildEnded(entered, outcome));
  });
  setHandler(lockNewsSignal, () => inTurn(async (entered) => receiveLockNews(entered)));
  setHandler(viewQuery, () => viewOf(state));
  void cancelWithTemporal((control) => inTurn((entered) => handleControl(entered, control, effects)));
  return {
    open(entered) {
      state = entered;
    },
    get handled() {
      return handled;
    },
  };
}

function refuse(refusal: { readonly code: string; readonly reason: string } | null): void {
  if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal.reason, refusal.code);
}

async function cancelWithTemporal(send: (control: Control) => Promise<unknown>): Promise<void> {
  const reason = 'cancelled in Temporal';
  await CancellationScope.current().cancelRequested.catch(() =>
    CancellationScope.nonCancellable(() =>
      send({ action: 'cancel', actor: 'engine', via: 'temporal', id: 'temporal', keep: false, reason }),
    ),
  );
}

function viewOf(state: RunState | null): RunStateView {
  if (state === null) return { stage: 'entering', life: 'pending', openTasks: [] };
  return { stage: state.stage, life: state.life, openTasks: openTasks(state).map(({ task }) => task.id) };
}

/** A message that comes while the state is being stored belongs to it too. */
async function saveSettled(
  input: RunInput,
  { state, binding, inbox }: { readonly state: RunState; readonly binding: TemporalBinding; readonly inbox: Inbox },
): Promise<string> {
  for (;;) {
    await condition(allHandlersFinished);
    await binding.effects.flush();
    const { handled } = inbox;
    const { digest } = await binding.effects.lookUp('saveState', { runId: input.run.id, state: plainJson(state) });
    if (inbox.handled === handled && allHandlersFinished()) return digest;
  }
}

/** The state is JSON by construction; an interface has no index signature to prove it with. */
function plainJson(state: RunState): Json {
  const json: Json = JSON.parse(JSON.stringify(state));
  return json;
}

/** Whoever waits is told at once; should this be lost, the parent asks again later (D7). */
async function tellParent(input: RunInput, outcome: ChildOutcome): Promise<void> {
  if (input.run.parent === null) return;
  try {
    await getExternalWorkflowHandle(workflowIdOf(input.run.parent)).signal(messageNames.childEnded, outcome);
  } catch {
    // The parent has ended or was started without this run: the journal has the outcome.
  }
}
