import { z } from 'zod';

import type { NoticeChoice, NoticeMessage } from '../activities/notice-message';
import type { Carrier } from '../activities/notice-message';
import { addressIn } from '../platform/channel-settings';
import { addressOf } from '../platform/people';
import type { Person } from '../platform/people';
import type { NoticeRow } from '../platform/store/outbox';
import { shortId, voteClaimsOf, writeVoteToken } from '../platform/vote-token';
import { noticeKinds } from '../workflows/domain/notice';
import type { CourierParts } from './courier-parts';
import { factsOf } from './notice-facts';
import type { NoticeSubject } from './notice-subject';
import { pathOf, subjectLine, titleOf, whatHappened } from './notice-text';

export interface Addressee {
  readonly person: Person;
  readonly carrier: Carrier;
  /** Of the person in the channel. */
  readonly to: string;
}

/** Null: the channel, or the address in it, was taken away. */
export function addressFor(
  { carriers }: CourierParts,
  { channel }: NoticeRow,
  person: Person,
): Omit<Addressee, 'person'> | null {
  const carrier = channel === null ? undefined : carriers[channel];
  const to = channel === null ? null : addressOf(person, channel, carriers);
  return carrier === undefined || to === null ? null : { carrier, to };
}

interface Told {
  readonly notice: NoticeRow;
  readonly subject: NoticeSubject;
}

/** One notice as it stands now. Secrets are in it as little as in the store. */
export async function composeNotice(
  parts: CourierParts,
  { notice, subject }: Told,
  { person, to }: Addressee,
): Promise<NoticeMessage> {
  const choices = choicesOf(parts, notice, subject);
  return {
    kind: notice.what,
    urgency: noticeKinds[notice.what].urgency,
    to,
    name: person.name ?? person.reference,
    subject: subjectLine(notice, subject),
    opening: [...whatHappened(notice, subject), ...remarksOn(notice, subject)],
    title: titleOf(subject),
    facts: await factsOf(parts.store, subject, person.zone),
    closing: closingOf(notice, subject, choices),
    link: `${parts.publicUrl}${pathOf(subject)}`,
    choices,
    replyTo: replyAddress(parts, notice, choices),
    messageId: messageIdOf(parts, notice),
    reference: referenceOf(notice),
    threadId: threadIdOf(parts, notice.about.id),
  };
}

/**
 * The same at every attempt. That of a question by mail holds the token of its answer, for mail programs that drop the tag of an address;
 * that of a refusal holds none, so that two machines cannot answer each other for ever.
 */
export function messageIdOf(parts: CourierParts, notice: NoticeRow): string {
  const token = isVoteByMail(notice) ? tokenOf(parts, notice, null) : null;
  return `${token ?? referenceOf(notice)}@${domainOf(parts)}`;
}

/** By which the journal knows the message: anybody who audits may read it. */
export function referenceOf({ batch, id }: NoticeRow): string {
  return batch ?? id;
}

export function threadIdOf(parts: CourierParts, subjectId: string): string {
  return `${shortId([subjectId])}@${domainOf(parts)}`;
}

/** Only approvals are answered by mail: other choices are no words that everybody would write the same way. */
function isVoteByMail({ what, channel }: NoticeRow): boolean {
  return channel === 'mail' && (what === 'task.opened' || what === 'task.reminded');
}

/** Links are keys, and go by mail alone; a chat that says who pressed has buttons. A form has to be filled in elsewhere. */
function choicesOf(parts: CourierParts, notice: NoticeRow, subject: NoticeSubject): readonly NoticeChoice[] {
  if (subject.kind !== 'task' || subject.task.form !== null) return [];
  return subject.task.options.flatMap((choice) => {
    const token = tokenOf(parts, notice, choice);
    if (token === null) return [];
    const url = `${parts.publicUrl}/votes/${token}/${encodeURIComponent(choice)}`;
    return {
      choice,
      url: notice.channel === 'mail' ? url : null,
      token: notice.channel === 'chat' && parts.hasButtons ? token : null,
    };
  });
}

function replyAddress(parts: CourierParts, notice: NoticeRow, choices: readonly NoticeChoice[]): string | null {
  const replyTo = parts.mail?.replyTo ?? null;
  const token = tokenOf(parts, notice, null);
  if (replyTo === null || token === null || choices.length === 0 || !isVoteByMail(notice)) return null;
  // `approvals@example.org` → `approvals+TOKEN@example.org`.
  return replyTo.replace('@', `+${token}@`);
}

/** Null: nobody votes by this notice. */
function tokenOf({ voteKey }: CourierParts, notice: NoticeRow, choice: string | null): string | null {
  const claims = voteClaimsOf(notice);
  return claims === null ? null : writeVoteToken(voteKey, claims, choice);
}

function domainOf({ mail, publicUrl }: CourierParts): string {
  return mail === null ? new URL(publicUrl).hostname : addressIn(mail.from).replace(/^.*@/, '');
}

function closingOf({ what }: NoticeRow, subject: NoticeSubject, choices: readonly NoticeChoice[]): readonly string[] {
  switch (subject.kind) {
    case 'task':
      if (what === 'task.refused' || choices.some(({ url, token }) => url !== null || token !== null)) return [];
      return [`Answer in the console, or with the command line: task ${subject.task.id}.`];
    case 'lock':
      return ['Look at its hosts first; then free each lock in the console or with "mainstay locks free NAME".'];
    case 'run':
    case 'change':
    case 'plan':
    case 'operation':
      return [];
  }
}

const Refused = z.object({ reason: z.string() });

/** What is special about this message: whose vote a delegate gives, that something has changed, or why an answer did not count. */
function remarksOn({ what, onBehalfOf }: NoticeRow, subject: NoticeSubject): readonly string[] {
  if (subject.kind !== 'task') return [];
  if (what === 'task.refused') {
    const payload = subject.cause?.payload ?? null;
    const reason = payload === null ? undefined : Refused.safeParse(JSON.parse(payload)).data?.reason;
    return [...(reason === undefined ? [] : [reason]), 'If it was not yours, tell your administrators.'];
  }
  return [
    ...(onBehalfOf === null ? [] : [`You are asked on behalf of ${onBehalfOf}.`]),
    ...(subject.task.show['difference'] === undefined
      ? []
      : ['It has changed, and votes that were given before are void: see the difference.']),
  ];
}
