import { z } from 'zod';

import type { AnyJournalEntry } from '../../workflows/domain/journal';
import type { Answer } from '../../workflows/domain/task';
import type { NoticeRow } from '../../platform/store/outbox';
import type { Store, TaskRow } from '../../platform/store/store';
import { isTokenOf, noticeIdOf, shortId, voteClaimsOf } from '../../platform/vote-token';
import type { VoteClaims } from '../../platform/vote-token';
import type { Engine } from '../engine';
import type { VoteGrants } from './vote-grants';
import { streamOf } from '../../workflows/domain/streams';

/**
 * Votes that come with a token instead of a sign-in (R-APPR-11).
 *
 * - V1 The token says whose vote it is, on what, and until when. Whoever is known to be somebody else is refused.
 * - V2 Used once it is used up: after that it only shows what was recorded, be that a vote or a refusal.
 * - V3 It goes by the same grants as a vote in the console.
 * - V4 A token votes by the channel that it was sent through: whoever reads along in a chat has no link.
 * - V5 All refusals are journaled, but not tokens that are none of ours: anybody can make those up.
 */
export interface VotingPlace {
  readonly engine: Pick<Engine, 'answer'>;
  readonly store: Pick<Store, 'journal' | 'notices' | 'views'>;
  readonly mayAnswer: VoteGrants;
  readonly voteKey: Uint8Array;
  readonly now: () => number;
}

export interface TokenVote {
  readonly notice: NoticeRow;
  readonly claims: VoteClaims;
  readonly task: TaskRow;
}

export interface TokenUse {
  /** By which it comes back: links, too, go by mail. */
  readonly channel: 'mail' | 'chat';
  /** Null: the answer says what is chosen. */
  readonly choice: string | null;
}

/** Null: no token of ours, for another choice, or for another channel (V4). */
export async function readToken(
  place: VotingPlace,
  token: string,
  { channel, choice }: TokenUse,
): Promise<TokenVote | null> {
  const notice = await place.store.notices.find(noticeIdOf(token));
  if (notice === null || notice.channel !== channel) return null;
  const claims = voteClaimsOf(notice);
  if (claims === null) return null;
  if (!isTokenOf(place.voteKey, token, { ...claims, choice })) return null;
  const [task] = await place.store.views.tasks({ id: claims.taskId });
  return task === undefined ? null : { notice, claims, task };
}

export type VoteResult =
  | { readonly kind: 'counted'; readonly vote: Answer; readonly decided: boolean }
  /** This token was used before. */
  | { readonly kind: 'recorded'; readonly vote: Answer }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

export interface GivenVote {
  readonly choice: string;
  readonly comment: string;
  readonly via: 'link' | 'mail' | 'chat';
  /** Who gives it, where the channel knows. Null: whoever has the message. */
  readonly by: string | null;
}

export async function castTokenVote(place: VotingPlace, token: TokenVote, given: GivenVote): Promise<VoteResult> {
  const { notice, claims, task } = token;
  const { choice, comment, via, by } = given;
  if (by !== null && by !== notice.recipient) {
    const reason = `Cannot count the answer of "${by}": the message was sent to "${notice.recipient}"`;
    return refuseVote(place, token, { code: 'TOKEN_FORWARDED', reason, given });
  }
  const earlier = await earlierUse(place, token);
  if (earlier !== null) return earlier;
  if (claims.expiresAt <= place.now()) {
    const reason = `Cannot count the answer of "${notice.recipient}": its time ended at ${new Date(claims.expiresAt).toISOString()}`;
    return refuseVote(place, token, { code: 'TOKEN_EXPIRED', reason, given });
  }
  if (!(await place.mayAnswer(notice.recipient, task.runId))) {
    const reason = `Cannot count the answer of "${notice.recipient}": no grant of theirs allows "task.answer" here`;
    return refuseVote(place, token, { code: 'ANSWER_NOT_GRANTED', reason, given });
  }
  const result = await place.engine.answer({
    taskId: task.id,
    id: notice.id,
    actor: notice.recipient,
    via,
    choice,
    comment,
    planHash: claims.planHash,
    showHash: claims.showHash,
    ...(notice.onBehalfOf === null ? {} : { onBehalfOf: notice.onBehalfOf }),
  });
  if (!result.accepted) return { kind: 'refused', code: result.code, reason: result.reason };
  // Of two uses at once the one that came first stands, and both are told which that was.
  const vote = (await recordedVote(place, token)) ?? answerOf(token, given);
  return { kind: 'counted', vote, decided: result.decided };
}

/** Null: the token is still good for a vote, as far as it goes. */
export async function earlierUse(place: VotingPlace, used: TokenVote): Promise<VoteResult | null> {
  const { notice, task } = used;
  const vote = await recordedVote(place, used);
  if (vote !== null) return { kind: 'recorded', vote };
  // As the run writes it, and as the API does for it; after the end of a run it stands in the system's stream.
  const keys = [`${task.id}/${notice.id}/task.refused`, `task/${task.id}/answer:${notice.id}/task.refused`];
  const stream = streamOf(task.runId);
  const [inRun, late] = await Promise.all([
    place.store.journal.find(stream, keys),
    place.store.journal.find(
      'system',
      keys.map((key) => `${stream}/${key}`),
    ),
  ]);
  const [refusal] = [...inRun, ...late];
  if (refusal?.payload == null) return null;
  return { kind: 'refused', ...Refusal.parse(JSON.parse(refusal.payload)) };
}

const Refusal = z.object({ code: z.string(), reason: z.string() });

async function recordedVote({ store }: VotingPlace, { claims }: TokenVote): Promise<Answer | null> {
  const [task] = await store.views.tasks({ id: claims.taskId });
  return task?.votes.find(({ id }) => id === claims.id) ?? null;
}

export interface VoteRefusal {
  readonly code: string;
  readonly reason: string;
  readonly given: GivenVote;
  /** What makes it another refusal than the one before; absent: the same one however often it comes. */
  readonly occasion?: string;
}

/** Before anything reached the run: the journal has it all the same. */
export async function refuseVote(place: VotingPlace, token: TokenVote, refusal: VoteRefusal): Promise<VoteResult> {
  const { notice, task } = token;
  const { code, reason, given, occasion = given.by ?? '' } = refusal;
  const entry: AnyJournalEntry = {
    key: `${task.id}/${notice.id}/${given.via}:${code}:${shortId([occasion, reason])}/task.refused`,
    kind: 'task.refused',
    at: place.now(),
    actor: given.by ?? notice.recipient,
    via: given.via,
    // Without what differs from one time to the next: it is one fact under one key.
    payload: { taskId: task.id, answer: { ...answerOf(token, given), choice: '', comment: '' }, code, reason },
  };
  await place.store.journal.append(streamOf(task.runId), [entry]);
  return { kind: 'refused', code, reason };
}

function answerOf({ claims, task }: TokenVote, { choice, comment, via }: GivenVote): Answer {
  const { id, person: actor, planHash, showHash } = claims;
  return { taskId: task.id, id, actor, via, choice, comment, form: null, planHash, showHash };
}
