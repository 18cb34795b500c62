import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

import type { NoticeRow } from './store/outbox';

/**
 * Tokens that stand for one vote of one person on one request (R-APPR-11).
 *
 * - T1 A token is the id of a notice and a code over everything that the notice binds: who holds neither key nor message cannot make one.
 * - T2 All tokens of a notice share its id, and the id is that of the answer: whichever is used first, it is one vote.
 * - T3 Small letters and digits only, and short enough for the tag of a mail address (64 characters before the @).
 */
export interface VoteClaims {
  /** Of the notice. */
  readonly id: string;
  readonly taskId: string;
  readonly planHash: string;
  readonly showHash: string;
  /** `user/anna`. */
  readonly person: string;
  /** `user/carl`: whose vote a delegate gives. */
  readonly onBehalfOf: string | null;
  /** Epoch ms. */
  readonly expiresAt: number;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const idLength = 20;
const codeLength = 26;
export const voteTokenPattern = new RegExp(`[a-z2-7]{${idLength + codeLength}}`);

/** Null: nobody votes by this notice. */
export function voteClaimsOf({ id, about, what, channel, recipient, onBehalfOf, vote }: NoticeRow): VoteClaims | null {
  if (vote === null || channel === null || about.kind !== 'task' || what === 'task.refused') return null;
  return { id, taskId: about.id, person: recipient, onBehalfOf, ...vote };
}

/** Of its own, so that a token says nothing about what else the installation's key protects. */
export function voteKeyOf(installationKey: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', installationKey, '', 'mainstay/vote-token/1', 32));
}

/** `choice`: what a link stands for; null: the answer says what is chosen. */
export function writeVoteToken(key: Uint8Array, claims: VoteClaims, choice: string | null): string {
  return claims.id + codeOf(key, claims, choice);
}

export function noticeIdOf(token: string): string {
  return token.slice(0, idLength);
}

export function isTokenOf(
  key: Uint8Array,
  token: string,
  vote: VoteClaims & { readonly choice: string | null },
): boolean {
  const { choice, ...claims } = vote;
  const expected = Buffer.from(writeVoteToken(key, claims, choice));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Twenty characters that name something by what it is made of. */
export function shortId(parts: readonly string[]): string {
  return lettersOf(createHash('sha256').update(JSON.stringify(parts)).digest(), idLength);
}

function codeOf(key: Uint8Array, claims: VoteClaims, choice: string | null): string {
  const { id, taskId, planHash, showHash, person, onBehalfOf, expiresAt } = claims;
  const text = JSON.stringify([id, taskId, planHash, showHash, person, onBehalfOf, expiresAt, choice]);
  return lettersOf(createHmac('sha256', key).update(text).digest(), codeLength);
}

/** A byte is eight times the alphabet, so that every letter is as likely. */
function lettersOf(bytes: Uint8Array, length: number): string {
  return Array.from(bytes.subarray(0, length), (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}
