import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';

import type { Json } from '../domain/json';
import type { Answer, AnswerResult } from '../domain/task';
import { messageNames } from '../runbook/messages';
import type { ChildOutcome } from '../runbook/messages';
import { bindEffects } from '../temporal-effects';
import { asJson } from './here';
import type { Here } from './here';
import { handleAnswer, validateAnswer } from './operation-inbox';
import { backupMessageNames } from './messages';
import type { OperationEnd, OperationInput } from './messages';
import { operationProcedure } from './operation';
import { initialOperation } from './operation-state';

const answerUpdate = defineUpdate<AnswerResult, [Answer]>(messageNames.answer);
const cancelSignal = defineSignal<[string]>(backupMessageNames.cancel);
const childEndedSignal = defineSignal<[ChildOutcome]>(messageNames.childEnded);
const viewQuery = defineQuery<Json>(backupMessageNames.view);

/** One backup, verification, pruning, restore or drill. It is short: it never continues as new. */
export async function backupOperation(input: OperationInput): Promise<OperationEnd> {
  const { operation } = input;
  const binding = bindEffects({ run: operation, planHash: '', planDigest: '', targetCounts: {}, check: false });
  const here: Here = { input, state: initialOperation(input.calledOff), effects: binding.effects };
  let last: Promise<unknown> = Promise.resolve();
  setHandler(
    answerUpdate,
    (answer) => {
      // One at a time: a vote that awaits its electorate must not be overtaken by the next (D9).
      const turn = last.then(() => handleAnswer(here, answer));
      last = turn.then(
        () => undefined,
        () => undefined,
      );
      return turn;
    },
    {
      validator(answer) {
        const refusal = validateAnswer(here.state, answer);
        if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal.reason, refusal.code);
      },
    },
  );
  setHandler(cancelSignal, (reason) => {
    here.state.calledOff ??= reason;
  });
  setHandler(childEndedSignal, (outcome) => binding.childEnded(outcome));
  setHandler(viewQuery, () => asJson(here.state));
  return CancellationScope.nonCancellable(async () => {
    const end = await operationProcedure(here);
    await condition(allHandlersFinished);
    await binding.effects.flush();
    return end;
  });
}
