import { z } from 'zod';

import type { VoteChat } from '../activities/chat/message';
import type { VoteMail } from '../activities/mail/message';
import { addressIn } from '../platform/channel-settings';
import type { Person } from '../platform/people';
import { readTaskSummary } from '../platform/store/task-summary';
import type { NoticeRow } from '../platform/store/outbox';
import type { TaskRow } from '../platform/store/store';
import { shortId, writeVoteToken } from '../platform/vote-token';
import type { CourierParts } from './courier';

interface About {
  readonly task: TaskRow;
  readonly person: Person;
}

export async function mailMessageOf(
  parts: CourierParts,
  notice: NoticeRow,
  { task, person }: About,
): Promise<VoteMail> {
  const { mail, publicUrl } = parts;
  // A form has to be filled in elsewhere.
  const choices = notice.what === 'refused' || task.form !== null ? [] : task.options;
  return {
    to: person.email ?? '',
    name: person.name ?? person.reference,
    what: notice.what,
    summary: await readTaskSummary(parts.store, task, person.zone),
    remark: await remarkOf(parts, notice, task),
    links: choices.map((choice) => ({
      choice,
      url: `${publicUrl}/votes/${tokenOf(parts, notice, choice)}/${encodeURIComponent(choice)}`,
    })),
    replyTo:
      isVote(notice) && choices.length > 0 && mail?.replyTo ? tagged(mail.replyTo, tokenOf(parts, notice, null)) : null,
    messageId: messageIdOf(parts, notice),
    threadId: `${shortId([task.id])}@${domainOf(parts)}`,
  };
}

export async function chatMessageOf(
  parts: CourierParts,
  notice: NoticeRow,
  { task, person }: About,
): Promise<VoteChat> {
  const buttons = (task.form === null ? task.options : []).map((choice) => ({
    choice,
    token: tokenOf(parts, notice, choice),
  }));
  return {
    to: person.chat ?? '',
    what: notice.what,
    summary: await readTaskSummary(parts.store, task, person.zone),
    remark: await remarkOf(parts, notice, task),
    buttons: parts.chat?.hasButtons === true ? buttons : [],
  };
}

/**
 * The same at every attempt. That of a question holds the token of its answer, for mail programs that drop the tag of an address;
 * that of a refusal holds none, so that two machines cannot answer each other for ever.
 */
export function messageIdOf(parts: CourierParts, notice: NoticeRow): string {
  const local = isVote(notice) ? tokenOf(parts, notice, null) : notice.id;
  return `${local}@${domainOf(parts)}`;
}

/** Only approvals are answered by mail: other choices are no words that everybody would write the same way. */
function isVote({ what }: NoticeRow): boolean {
  return what === 'opened' || what === 'reminded';
}

function tokenOf({ voteKey }: CourierParts, notice: NoticeRow, choice: string | null): string {
  return writeVoteToken(voteKey, { ...notice, person: notice.recipient }, choice);
}

/** `approvals@example.org` → `approvals+TOKEN@example.org`. */
function tagged(address: string, token: string): string {
  return address.replace('@', `+${token}@`);
}

function domainOf({ mail, publicUrl }: CourierParts): string {
  return mail === null ? new URL(publicUrl).hostname : addressIn(mail.from).replace(/^.*@/, '');
}

const Refused = z.object({ reason: z.string() });

/** What is special about this message: whose vote a delegate gives, that something has changed, or why an answer did not count. */
async function remarkOf({ store }: CourierParts, notice: NoticeRow, { show }: TaskRow): Promise<string> {
  const { what, onBehalfOf, stream, seq } = notice;
  if (what !== 'refused')
    return [
      ...(onBehalfOf === null ? [] : [`You are asked on behalf of ${onBehalfOf}.`]),
      ...(show['difference'] === undefined
        ? []
        : ['It has changed, and votes that were given before are void: see the difference.']),
    ].join(' ');
  const [cause] = await store.journal.read(stream, { after: seq - 1, limit: 1 });
  return cause?.payload == null ? '' : (Refused.safeParse(JSON.parse(cause.payload)).data?.reason ?? '');
}
