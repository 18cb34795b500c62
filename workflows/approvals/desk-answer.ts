import { castVote, revokeVote } from '../domain/approval';
import type { Vote } from '../domain/approval';
import { eligibleIn, isDelegated, isOf, spentBy } from '../domain/approval-electorate';
import type { VoteChoice } from '../domain/approval-event';
import type { Moment } from '../domain/approval-settle';
import { phaseRefusal } from '../domain/approval-state';
import type { StandingVote } from '../domain/approval-state';
import { refusalOf } from '../domain/quorum';
import type { Refusal } from '../domain/quorum';
import type { Answer, AnswerResult } from '../domain/task';
import { delegateVote } from '../domain/approval-delegation';
import { lookAgain } from './desk-electorate';
import { carry } from './desk-journal';
import { entryOf } from './answer-entry';
import { revokeChoice, voteOptions } from './desk-state';
import type { DeskContext, DeskResult, DeskState, DeskTask } from './desk-state';

export function hasDeskTask(desk: DeskState, taskId: string): boolean {
  return desk.tasks.some(({ task }) => task.id === taskId);
}

/** Synchronous and pure: whether an answer can be considered at all. Who may vote is asked when the vote comes. */
export function validateDeskAnswer(desk: DeskState, answer: Answer): Refusal | null {
  const open = deskTask(desk, answer);
  if (open === undefined) return refusalOf(open, answer);
  const known = desk.answers[answer.id];
  if (known !== undefined) return known.actor === answer.actor ? null : notYours(answer);
  if (answer.choice === revokeChoice) return revocationRefusal(desk, answer);
  return refusalOf(open, answer);
}

/**
 * D9: who is who now? → would it count? → the journal has it → count it on the state as it is then. Also a revocation. R-APPR-11: the
 * same answer (by its id) twice changes nothing and is answered with what it was used for.
 */
export async function answerDesk(desk: DeskState, answer: Answer, here: DeskContext): Promise<AnswerResult> {
  const refusal = validateDeskAnswer(desk, answer);
  if (refusal !== null) return refuse(answer, refusal, here);
  if (desk.answers[answer.id] !== undefined) return resultOf(desk, answer);
  const moment = await lookAgain(desk, here, answer.delegation === undefined ? [] : [answer.delegation.to]);
  const given = { answer, moment };
  const prepared = prepare(desk, given, here);
  if ('code' in prepared) return refuse(answer, prepared, here);
  const { effects } = here;
  effects.record(entryOf(prepared.answer));
  await effects.flush();
  // The awaits above let others in: it counts on the state as it is now, or not at all.
  const late = validateDeskAnswer(desk, answer);
  if (late !== null) return refuse(answer, late, here);
  if (desk.answers[answer.id] !== undefined) return resultOf(desk, answer);
  const counted = prepared.count();
  if (!counted.accepted) return refuse(answer, counted, here);
  // Once it is decided, the process goes on and writes what led there. A write from here beside its own first step, and a cancel that
  // comes with it, was a history that Temporal could not go on with ("Invalid transition in state machine").
  if (desk.approval.phase.name === 'pending') await effects.flush();
  return resultOf(desk, answer);
}

interface Given {
  readonly answer: Answer;
  readonly moment: Moment & { readonly inactive: readonly string[] };
}

/** What goes to the journal, and what is done once it is there. */
interface Prepared {
  readonly answer: Answer;
  readonly count: () => DeskResult;
}

function prepare(desk: DeskState, given: Given, here: DeskContext): Prepared | Refusal {
  const { answer } = given;
  if (answer.delegation !== undefined) return prepareDelegation(desk, { ...given, ...answer.delegation }, here);
  return answer.choice === revokeChoice ? prepareRevocation(desk, given, here) : prepareVote(desk, given, here);
}

/** The delegate is asked from then on, and told so. */
function prepareDelegation(
  desk: DeskState,
  { answer, moment, to, until }: Given & { readonly to: string; readonly until: number | null },
  here: DeskContext,
): Prepared | Refusal {
  const { id, actor, choice, comment, taskId } = answer;
  const delegating = { ...moment, actor, to, until };
  const trial = delegateVote(desk.approval, delegating);
  if (!trial.accepted) return trial;
  if (moment.inactive.includes(to))
    return refusal('PERSON_LEFT', `Cannot delegate the vote of "${actor}": "${to}" has left`);
  return {
    answer,
    count() {
      const delegated = carry(desk, delegateVote(desk.approval, delegating), { here, moment });
      if (delegated.accepted) desk.answers[id] = { taskId, actor, choice, comment };
      return delegated;
    },
  };
}

function prepareVote(desk: DeskState, { answer, moment }: Given, here: DeskContext): Prepared | Refusal {
  const { id, actor, via, comment } = answer;
  const choice = voteChoiceOf(answer);
  const task = deskTask(desk, answer);
  if (task === undefined || choice === null) return refusalOf(task, answer) ?? unanswerable;
  const person = personOf(desk, { answer, moment, slot: task.slot });
  if (typeof person !== 'string') return person;
  const onBehalfOf = person === actor ? null : person;
  const { id: request } = desk.approval.request;
  const token = { id, request, hash: answer.planHash ?? task.task.planHash, person: actor };
  const vote: Vote = { ...moment, actor, onBehalfOf, choice, comment, via, token };
  const trial = castVote(desk.approval, vote);
  if (!trial.accepted) return trial;
  if (!eligibleIn(desk.approval, moment.electorate, task.slot).includes(person))
    return refusal('NOT_ELIGIBLE', `Cannot count the vote of "${actor}": "${person}" is asked elsewhere, not here`);
  return {
    answer: onBehalfOf === null ? answer : { ...answer, onBehalfOf },
    count() {
      const cast = castVote(desk.approval, vote);
      // Before it takes its effect: a task that it closes shows the comment.
      if (cast.accepted) desk.answers[id] = { taskId: answer.taskId, actor, choice, comment };
      return carry(desk, cast, { here, moment });
    },
  };
}

/** Whose vote it is: as it says, the actor's own, or that of the one person who is asked here and has delegated to them. */
function personOf(desk: DeskState, { answer, moment, slot }: Given & { readonly slot: string }): string | Refusal {
  const { actor, onBehalfOf } = answer;
  const { at, electorate } = moment;
  if (onBehalfOf !== undefined) return onBehalfOf;
  const asked = eligibleIn(desk.approval, electorate, slot);
  if (asked.includes(actor)) return actor;
  const { phase } = desk.approval;
  const isFree = (person: string): boolean =>
    phase.name === 'pending' && spentBy(desk.approval, phase.level, person) === null;
  const from = asked.filter(
    (person) => isDelegated(desk.approval, electorate, { from: person, to: actor, at }) && isFree(person),
  );
  if (from.length > 1)
    return refusal('WHOSE_VOTE', `Cannot count the vote of "${actor}": it could be that of ${from.join(' or ')}`);
  return from[0] ?? actor;
}

function prepareRevocation(desk: DeskState, { answer, moment }: Given, here: DeskContext): Prepared | Refusal {
  const { id, actor, comment } = answer;
  const vote = voteOf(desk, answer);
  if (vote === undefined) return noVote(answer);
  // A round that has to be asked again has as much time as the first.
  const { openedAt, respondBy, phase } = desk.approval;
  const again = phase.name === 'approved' ? moment.at + (respondBy - openedAt) : null;
  const revocation = { ...moment, actor, vote: vote.id, comment, respondBy: again };
  const trial = revokeVote(desk.approval, revocation);
  if (!trial.accepted) return trial;
  return {
    answer,
    count() {
      const revoked = carry(desk, revokeVote(desk.approval, revocation), { here, moment });
      if (revoked.accepted) desk.answers[id] = { taskId: answer.taskId, actor, choice: revokeChoice, comment };
      return revoked;
    },
  };
}

function revocationRefusal(desk: DeskState, answer: Answer): Refusal | null {
  const closed = phaseRefusal(desk.approval, 'revoke');
  if (closed !== null) return closed;
  return voteOf(desk, answer) === undefined ? noVote(answer) : null;
}

/** The newest that the actor gave, or that was given for them. */
function voteOf({ approval }: DeskState, { actor, onBehalfOf }: Answer): StandingVote | undefined {
  return approval.votes.findLast(
    (vote) => isOf(vote, actor) && (onBehalfOf === undefined || vote.person === onBehalfOf),
  );
}

function deskTask({ tasks }: DeskState, { taskId }: Answer): DeskTask | undefined {
  return tasks.find(({ task }) => task.id === taskId);
}

function voteChoiceOf({ choice }: Answer): VoteChoice | null {
  return voteOptions.find((option) => option === choice) ?? null;
}

function resultOf(desk: DeskState, answer: Answer): AnswerResult {
  const closed = deskTask(desk, answer)?.closed ?? null;
  const recorded = desk.answers[answer.id]?.choice;
  return {
    accepted: true,
    decided: closed !== null,
    choice: closed?.choice ?? null,
    ...(recorded === undefined ? {} : { recorded }),
  };
}

async function refuse(answer: Answer, { code, reason }: Refusal, { effects }: DeskContext): Promise<AnswerResult> {
  const { taskId, id, actor, via } = answer;
  const payload = { taskId, answer, code, reason };
  effects.record({ key: `${taskId}/${id}/task.refused`, kind: 'task.refused', payload, actor, via });
  await effects.flush();
  return { accepted: false, code, reason };
}

const unanswerable = refusal('OPTION_UNKNOWN', 'Cannot count the answer: it is no vote');

function notYours({ id }: Answer): Refusal {
  return refusal('TOKEN_NOT_YOURS', `Cannot count the answer: "${id}" was used by somebody else`);
}

function noVote({ actor }: Answer): Refusal {
  return refusal('VOTE_NOT_FOUND', `Cannot revoke the vote of "${actor}": no such vote stands`);
}

function refusal(code: string, reason: string): Refusal {
  return { code, reason };
}
