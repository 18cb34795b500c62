import { failures } from '../activities/failures';
import type { NoticeRow } from '../platform/store/outbox';
import type { CourierParts } from './courier-parts';
import { inOwnWords } from './message-templates';
import { addressNotice, stillWanted } from './notice-address';
import { broken, isLastAttempt, retryAt } from './notice-attempts';
import { composeDigest, newsOf } from './notice-digest';
import { addressFor, composeNotice, referenceOf } from './notice-message';
import type { Addressee } from './notice-message';
import { readSubject } from './notice-subject';
import type { NoticeSubject } from './notice-subject';
import { isPast } from './notice-timeliness';

/** What is one message: looked at as things are now, and sent if it still is to be. */
export async function handleNotices(parts: CourierParts, notices: readonly NoticeRow[]): Promise<void> {
  const [first, ...others] = await readTogether(parts, notices);
  if (first !== undefined) await deliver(parts, [first, ...others]);
}

interface Timely {
  readonly notice: NoticeRow;
  readonly subject: NoticeSubject;
}

/** One that cannot be told does not keep back what goes with it. If none can be, that may pass: then they stay together. */
async function readTogether(parts: CourierParts, notices: readonly NoticeRow[]): Promise<readonly Timely[]> {
  const timely: Timely[] = [];
  const unreadable: { readonly notice: NoticeRow; readonly error: unknown }[] = [];
  for (const notice of notices)
    try {
      const told = await readOne(parts, notice);
      if (told === null) continue;
      if (notices.length > 1) newsOf(told, parts.publicUrl, null);
      timely.push(told);
    } catch (error) {
      unreadable.push({ notice, error });
    }
  const [first] = unreadable;
  if (first !== undefined && timely.length === 0) throw first.error;
  for (const { notice, error } of unreadable) await leaveOut(parts, notice, error);
  return timely;
}

async function leaveOut({ store, now, logger }: CourierParts, notice: NoticeRow, error: unknown): Promise<void> {
  const because = broken(error);
  logger.warn({ notice: notice.id, error: because.reason }, 'notice left out of a digest');
  if (isLastAttempt([notice])) await store.notices.settle([notice], { kind: 'failed', ...because, at: now() });
  else await store.notices.separate([notice], retryAt([notice], now()), because);
}

/** Null: there is nothing to be sent now. */
async function readOne(parts: CourierParts, notice: NoticeRow): Promise<Timely | null> {
  const subject = await readSubject(parts.store, notice);
  if (subject === null || isPast(notice, subject, parts.now())) await parts.store.notices.drop(notice);
  else if (notice.channel === null) await addressNotice(parts, notice, subject);
  else return { notice, subject };
  return null;
}

async function deliver(parts: CourierParts, together: readonly [Timely, ...Timely[]]): Promise<void> {
  const { store, now, people } = parts;
  const [{ notice }] = together;
  const person = await people.find(notice.recipient);
  if (!person.active) {
    for (const each of together) await store.notices.drop(each.notice);
    return;
  }
  const address = addressFor(parts, notice, person);
  const all = together.map((each) => each.notice);
  if (address === null) return store.notices.settle(all, { ...gone, at: now() });
  const [first, ...others] = await stillWanted(parts, together, person);
  if (first !== undefined) await send(parts, [first, ...others], { ...address, person });
}

async function send(
  parts: CourierParts,
  together: readonly [Timely, ...Timely[]],
  addressee: Addressee,
): Promise<void> {
  const { store, now } = parts;
  const [first, ...others] = together;
  const notices = together.map(({ notice }) => notice);
  const message =
    others.length === 0
      ? await inOwnWords(parts, await composeNotice(parts, first, addressee), { ...first, person: addressee.person })
      : await composeDigest(parts, together, addressee);
  const result = await addressee.carrier.send(message);
  if (result.kind === 'sent')
    return store.notices.settle(notices, { kind: 'sent', messageId: referenceOf(first.notice), at: now() });
  const { code, reason, retryAfterMs = 0 } = result;
  if (failures[code].retry && !isLastAttempt(notices))
    return store.notices.postpone(notices, Math.max(retryAt(notices, now()), now() + retryAfterMs), { code, reason });
  return store.notices.settle(notices, { kind: 'failed', code, reason, at: now() });
}

const gone = {
  kind: 'failed',
  code: 'CHANNEL_GONE',
  reason: 'the channel, or the address in it, is no longer configured',
} as const;
