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

import type { Json } from '../domain/json';
import type { Refusal } from '../domain/quorum';
import type { Answer, AnswerResult } from '../domain/task';
import { isInterruption } from '../effects';
import type { Effects } from '../effects';
import { messageNames } from '../runbook/messages';
import { bindEffects } from '../temporal-effects';
import type { TemporalBinding } from '../temporal-effects';
import { asJson } from './here';
import { keeperProcedure } from './keeper';
import type { KeeperHere } from './keeper-here';
import {
  handleKeeperAct,
  handleKeeperAnswer,
  receiveEnd,
  receiveMoved,
  validateKeeperAct,
  validateKeeperAnswer,
} from './keeper-inbox';
import { initialKeeper, restoredKeeper } from './keeper-state';
import type { KeeperState } from './keeper-state';
import { backupMessageNames } from './messages';
import type { BackupAct, BackupReply, KeeperInput, OperationEnd } from './messages';

const answerUpdate = defineUpdate<AnswerResult, [Answer]>(messageNames.answer);
const actUpdate = defineUpdate<BackupReply, [BackupAct]>(backupMessageNames.act);
const endedSignal = defineSignal<[OperationEnd]>(backupMessageNames.operationEnded);
const surroundingsSignal = defineSignal(backupMessageNames.surroundings);
const viewQuery = defineQuery<Json>(backupMessageNames.view);

/** Keeps one published backup plan. */
export async function backupKeeper(input: KeeperInput): Promise<never> {
  const binding = bindEffects({
    run: input.keeper,
    planHash: '',
    planDigest: '',
    targetCounts: {},
    check: false,
  });
  const inbox = openInbox(input, binding);
  return CancellationScope.nonCancellable(() => live(input, binding, inbox));
}

async function live(input: KeeperInput, { effects }: TemporalBinding, inbox: Inbox): Promise<never> {
  const { stateDigest } = input;
  const state =
    stateDigest === undefined
      ? initialKeeper(effects.now())
      : restoredKeeper((await effects.lookUp('loadState', { digest: stateDigest })).state);
  inbox.open(state);
  try {
    return await keeperProcedure(input, state, effects);
  } catch (error) {
    if (!isInterruption(error) || error.reason !== 'suspend') throw error;
    return continueAsNew<typeof backupKeeper>({ ...input, stateDigest: await saved(input, state, effects) });
  }
}

/** What is told while it is being saved belongs to it too. */
async function saved({ keeper }: KeeperInput, state: KeeperState, effects: Effects): Promise<string> {
  for (;;) {
    const { news } = state;
    await condition(allHandlersFinished);
    await effects.flush();
    const { digest } = await effects.lookUp('saveState', { runId: keeper.id, state: asJson(state) });
    if (state.news === news) return digest;
  }
}

interface Inbox {
  /** From here on messages are handled; those that came before waited. */
  open(state: KeeperState): void;
}

/** Handlers are there before the first await: a message that comes with the start must not be lost. */
function openInbox(input: KeeperInput, { effects }: TemporalBinding): Inbox {
  let entered: KeeperHere | null = null;
  let last: Promise<unknown> = Promise.resolve();
  async function here(): Promise<KeeperHere> {
    await condition(() => entered !== null);
    if (entered === null) throw ApplicationFailure.nonRetryable('Cannot handle a message: the keeper is not open');
    return entered;
  }
  /** One at a time: a vote that awaits its electorate must not be overtaken by the next (D9). */
  async function inTurn<T>(handle: (where: KeeperHere) => Promise<T>): Promise<T> {
    const where = await here();
    const turn = last.then(() => handle(where));
    last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }
  setHandler(answerUpdate, (answer) => inTurn((where) => handleKeeperAnswer(where, answer)), {
    validator: (answer) => refuse(entered === null ? null : validateKeeperAnswer(entered.state, answer)),
  });
  // Not in turn: an act waits for the procedure.
  setHandler(actUpdate, async (act) => handleKeeperAct(await here(), act), {
    validator: (act) => refuse(entered === null ? null : validateKeeperAct(entered, act)),
  });
  setHandler(endedSignal, async (end) => receiveEnd(await here(), end));
  setHandler(surroundingsSignal, () => inTurn(receiveMoved));
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
