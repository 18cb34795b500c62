import { createHmac, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

import type { Secret } from '../../platform/secret';
import type { People } from '../../platform/people';
import { noticeIdOf } from '../../platform/vote-token';
import { castTokenVote, readToken } from './token-vote';
import type { VoteResult, VotingPlace } from './token-vote';

/** A message older than this may be one that somebody has kept. */
const replayWindowMs = 5 * 60_000;

export interface SignedBody {
  readonly body: string;
  /** Seconds, as the header says. */
  readonly timestamp: string;
  readonly signature: string;
}

/** Signature scheme v0: HMAC-SHA256 over version, time and body. */
export function isFromChat({ body, timestamp, signature }: SignedBody, secret: Secret, now: number): boolean {
  if (!/^[0-9]{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp) * 1000) > replayWindowMs) return false;
  const code = createHmac('sha256', secret.reveal()).update(`v0:${timestamp}:${body}`).digest('hex');
  const expected = Buffer.from(`v0=${code}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const Pressed = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string() }),
  actions: z.array(z.object({ action_id: z.string(), value: z.string() })).min(1),
});

export interface ChatPlace extends VotingPlace {
  readonly people: Pick<People, 'findByChat'>;
}

/** What the person who pressed a button is told. */
export async function voteByButton(place: ChatPlace, payload: unknown): Promise<string> {
  const pressed = Pressed.safeParse(payload);
  const [action] = pressed.success ? pressed.data.actions : [];
  const choice = /^vote:(.+)$/.exec(action?.action_id ?? '')?.[1];
  if (!pressed.success || action === undefined || choice === undefined) return 'Nothing was changed: no vote is in it.';
  const person = await place.people.findByChat(pressed.data.user.id);
  if (person === null) return 'Nothing was changed: no Person document has your name in this chat.';
  const found = await readToken(place, action.value, { channel: 'chat', choice });
  if (found === null) return `Nothing was changed: the button "${noticeIdOf(action.value)}" is not known.`;
  const given = { choice, comment: '', via: 'chat', by: person.reference } as const;
  return textOf(await castTokenVote(place, found, given));
}

function textOf(result: VoteResult): string {
  switch (result.kind) {
    case 'counted':
      return `Recorded: "${result.vote.choice}" by ${result.vote.actor}.`;
    case 'recorded':
      return `Nothing was changed: "${result.vote.choice}" by ${result.vote.actor} was recorded before.`;
    case 'refused':
      return `Nothing was changed. ${result.reason}`;
  }
}
