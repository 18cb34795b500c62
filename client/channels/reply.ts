import { createHash } from 'node:crypto';

import { simpleParser } from 'mailparser';
import type { ParsedMail } from 'mailparser';

import type { ReplySettings } from '../../platform/channel-settings';
import type { People } from '../../platform/people';
import { voteTokenPattern } from '../../platform/vote-token';
import { readReply } from './reply-text';
import { senderProblem } from './reply-sender';
import type { TextResolver } from './reply-sender';
import { castTokenVote, readToken, refuseVote } from './token-vote';
import type { TokenVote, VotingPlace } from './token-vote';

export interface ReplyPlace extends VotingPlace {
  readonly people: Pick<People, 'find'>;
  readonly settings: ReplySettings;
  /** DNS; absent: that of the machine. */
  readonly resolve?: TextResolver;
}

/** As the listener got it. */
export interface Envelope {
  /** Empty: a report or an automatic answer. */
  readonly from: string;
  readonly to: readonly string[];
}

export type ReplyOutcome =
  | { readonly kind: 'counted' | 'repeated' | 'ignored' }
  /** Journaled, and told to the person who was asked. */
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string }
  /** Nothing that it could be about: the sender's own mail server is to tell them. */
  | { readonly kind: 'bounced'; readonly reason: string };

/** Larger ones have pictures in them, and hardly a word in front. */
const maxHtmlLengthToParse = 1024 * 1024;

/** One mail that was sent to the address for answers. */
export async function receiveReply(place: ReplyPlace, envelope: Envelope, raw: Buffer): Promise<ReplyOutcome> {
  const parsed = await simpleParser(raw, { skipImageLinks: true, skipTextToHtml: true, maxHtmlLengthToParse });
  if (envelope.from === '' || isAutomatic(parsed)) return { kind: 'ignored' };
  const found = await findToken(place, envelope, parsed);
  if (found === null)
    return { kind: 'bounced', reason: 'no question is open under this address: answer the message that asked' };
  const refuse = refuser(place, found, raw);
  const problem = await senderProblem(
    { raw, parsed },
    {
      ...place.settings,
      email: (await place.people.find(found.vote.notice.recipient)).email,
      references: [found.token, `[${found.vote.task.id}]`],
      ...(place.resolve === undefined ? {} : { resolve: place.resolve }),
    },
  );
  if (problem !== null) return refuse('SENDER_UNVERIFIED', `Cannot count the answer by mail: ${problem}`);
  const { choice, firstLine, comment } = readReply(parsed.text ?? '');
  if (choice === null) {
    const words = 'its first word must be APPROVE, REJECT or ABSTAIN';
    return refuse('ANSWER_UNREADABLE', `Cannot read the answer "${firstLine.slice(0, 80)}": ${words}`);
  }
  const result = await castTokenVote(place, found.vote, { choice, comment, via: 'mail', by: null });
  switch (result.kind) {
    case 'counted':
      return { kind: 'counted' };
    case 'recorded': {
      // The same mail again, by a relay that lost our reply.
      if (result.vote.via === 'mail' && result.vote.choice === choice) return { kind: 'repeated' };
      const { vote } = result;
      return refuse('TOKEN_USED', `Cannot answer twice: "${vote.choice}" was recorded before, through ${vote.via}`);
    }
    case 'refused':
      return { kind: 'refused', code: result.code, reason: result.reason };
  }
}

type Refuse = (code: string, reason: string) => Promise<ReplyOutcome>;

function refuser(place: ReplyPlace, { vote }: FoundToken, raw: Buffer): Refuse {
  // Another mail is another attempt; the same one, delivered twice, is not.
  const occasion = createHash('sha256').update(raw).digest('hex').slice(0, 20);
  return async (code, reason) => {
    const given = { choice: '', comment: '', via: 'mail', by: null } as const;
    await refuseVote(place, vote, { code, reason, given, occasion });
    return { kind: 'refused', code, reason };
  };
}

/** Out-of-office notes, lists, robots: none of them votes, and answering them would never end. */
function isAutomatic(parsed: ParsedMail): boolean {
  const submitted = headerOf(parsed, 'auto-submitted');
  if (submitted !== null && !submitted.startsWith('no')) return true;
  if (/^(bulk|junk|list|auto_reply)$/.test(headerOf(parsed, 'precedence') ?? '')) return true;
  return headerOf(parsed, 'list-id') !== null;
}

/** In small letters. */
function headerOf({ headerLines }: ParsedMail, name: string): string | null {
  const line = headerLines.find(({ key }) => key === name)?.line;
  return line === undefined
    ? null
    : line
        .replace(/^[^:]*:/, '')
        .trim()
        .toLowerCase();
}

interface FoundToken {
  readonly token: string;
  readonly vote: TokenVote;
}

const candidatesLookedAt = 20;

/** In the tag of an address, or in the ids of the messages that are answered. The newest question first. */
async function findToken(place: ReplyPlace, envelope: Envelope, parsed: ParsedMail): Promise<FoundToken | null> {
  const addressed = parsed.headerLines.filter(({ key }) => key === 'to' || key === 'cc').map(({ line }) => line);
  const references = [parsed.references ?? []].flat().toReversed();
  const texts = [...envelope.to, ...addressed, parsed.inReplyTo ?? '', ...references];
  const pattern = new RegExp(`[+<](${voteTokenPattern.source})@`, 'gi');
  const found = texts.flatMap((text) =>
    [...text.replaceAll(/\r?\n[\t ]+/g, '').matchAll(pattern)].map(([, token = '']) => token),
  );
  for (const token of [...new Set(found.map((each) => each.toLowerCase()))].slice(0, candidatesLookedAt)) {
    const vote = await readToken(place, token, { channel: 'mail', choice: null });
    if (vote !== null) return { token, vote };
  }
  return null;
}
