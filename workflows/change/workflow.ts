import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';

import type { Refusal } from '../domain/quorum';
import type { Answer, AnswerResult } from '../domain/task';
import { isInterruption } from '../effects';
import type { Json } from '../domain/json';
import { messageNames } from '../runbook/messages';
import type { ChildOutcome, RunReport } from '../runbook/messages';
import { bindEffects } from '../temporal-effects';
import type { TemporalBinding } from '../temporal-effects';
import { asJson } from './facts';
import type { Here } from './here';
import {
  handleAct,
  handleAnswer,
  receiveItemNews,
  receiveReport,
  receiveSurroundings,
  validateAct,
  validateAnswer,
} from './inbox';
import { initialState } from './initial-state';
import { changeMessageNames } from './messages';
import type { ChangeAct, ChangeInput, ChangeReply, ChangeResult } from './messages';
import { changeProcedure } from './procedure';
import { restoredState } from './restored-state';
import type { ChangeState } from './state';

const answerUpdate = defineUpdate<AnswerResult, [Answer]>(messageNames.answer);
const actUpdate = defineUpdate<ChangeReply, [ChangeAct]>(changeMessageNames.change);
const surroundingsSignal = defineSignal(changeMessageNames.surroundings);
const lockNewsSignal = defineSignal(messageNames.lockNews);
const reportSignal = defineSignal<[RunReport]>(messageNames.report);
const childEndedSignal = defineSignal<[ChildOutcome]>(messageNames.childEnded);
const viewQuery = defineQuery<Json>(changeMessageNames.view);

/** One change, from its draft to its review. */
export async function changeProcess(input: ChangeInput): Promise<ChangeResult> {
  const binding = bindEffects({
    run: { ...input.change, parent: null },
    planHash: '',
    planDigest: '',
    targetCounts: {},
    check: false,
  });
  const inbox = openInbox(input, binding);
  return CancellationScope.nonCancellable(() => live(input, binding, inbox));
}

async function live(input: ChangeInput, { effects }: TemporalBinding, inbox: Inbox): Promise<ChangeResult> {
  const { stateDigest } = input;
  const state =
    stateDigest === undefined
      ? initialState(input.draft)
      : restoredState((await effects.lookUp('loadState', { digest: stateDigest })).state);
  inbox.open(state);
  try {
    const result = await changeProcedure(input, state, effects);
    await condition(allHandlersFinished);
    await effects.flush();
    return result;
  } catch (error) {
    if (!isInterruption(error) || error.reason !== 'suspend') throw error;
    await condition(allHandlersFinished);
    await effects.flush();
    const saved = await effects.lookUp('saveState', { runId: input.change.id, state: asJson(state) });
    return continueAsNew<typeof changeProcess>({ ...input, stateDigest: saved.digest });
  }
}

interface Inbox {
  /** From here on messages are handled; those that came before waited. */
  open(state: ChangeState): void;
}

/** Handlers are there before the first await: a message that comes with the start must not be lost. */
function openInbox(input: ChangeInput, binding: TemporalBinding): Inbox {
  const { effects } = binding;
  let entered: Here | null = null;
  let last: Promise<unknown> = Promise.resolve();
  async function here(): Promise<Here> {
    await condition(() => entered !== null);
    if (entered === null) throw ApplicationFailure.nonRetryable('Cannot handle a message: the change is not open');
    return entered;
  }
  /** One at a time: a vote that awaits its electorate must not be overtaken by the next (D9). */
  async function inTurn<T>(handle: (where: Here) => Promise<T>): Promise<T> {
    const where = await here();
    const turn = last.then(() => handle(where));
    last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }
  setHandler(answerUpdate, (answer) => inTurn((where) => handleAnswer(where, answer)), {
    validator: (answer) => refuse(entered === null ? null : validateAnswer(entered.state, answer)),
  });
  // Not in turn: an act waits for the procedure, which may itself wait for a vote.
  setHandler(actUpdate, async (act) => handleAct(await here(), act), {
    validator: (act) => refuse(entered === null ? null : validateAct(entered, act)),
  });
  setHandler(surroundingsSignal, () => inTurn(receiveSurroundings));
  setHandler(lockNewsSignal, async () => receiveItemNews(await here()));
  setHandler(reportSignal, async (report) => receiveReport(await here(), report));
  setHandler(childEndedSignal, (outcome) => binding.childEnded(outcome));
  setHandler(viewQuery, () => (entered === null ? null : asJson(entered.state)));
  return {
    open(state) {
      entered = { input, state, effects };
    },
  };
}

function refuse(refusal: Refusal | null): void {
  if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal.reason, refusal.code);
}
