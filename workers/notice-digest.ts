import type { NoticeMessage } from '../activities/notice-message';
import type { NoticeRow } from '../platform/store/outbox';
import { instantText } from '../platform/store/task-summary';
import type { Fact } from '../workflows/domain/task-summary';
import type { CourierParts } from './courier-parts';
import { messageIdOf, referenceOf, threadIdOf } from './notice-message';
import type { Addressee } from './notice-message';
import type { NoticeSubject } from './notice-subject';
import { pathOf, titleOf, whatHappened } from './notice-text';

interface Told {
  readonly notice: NoticeRow;
  readonly subject: NoticeSubject;
}

/** Several that can wait, in one message: what happened to each, and where to look. */
export async function composeDigest(
  parts: CourierParts,
  together: readonly [Told, ...Told[]],
  { person, to }: Addressee,
): Promise<NoticeMessage> {
  const [{ notice }] = together;
  return {
    kind: 'digest',
    urgency: 'low',
    to,
    name: person.name ?? person.reference,
    subject: `${together.length} pieces of news`,
    opening: ['this is what has happened since you were told last.'],
    title: 'News',
    facts: together.toSorted(byTime).map((each) => newsOf(each, parts.publicUrl, person.zone)),
    closing: [],
    link: parts.publicUrl,
    choices: [],
    replyTo: null,
    messageId: messageIdOf(parts, notice),
    reference: referenceOf(notice),
    threadId: threadIdOf(parts, `digest/${notice.recipient}`),
  };
}

function byTime(one: Told, other: Told): number {
  return (one.subject.cause?.at ?? 0) - (other.subject.cause?.at ?? 0);
}

/** One that cannot be told is known by this. */
export function newsOf({ notice, subject }: Told, publicUrl: string, zone: string | null): Fact {
  const at = subject.cause === null ? [] : [instantText(subject.cause.at, zone)];
  return {
    name: titleOf(subject),
    lines: [...whatHappened(notice, subject), ...at, `${publicUrl}${pathOf(subject)}`],
  };
}
