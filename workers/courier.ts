import type { ChatSender } from '../activities/chat/client';
import { chatFailures } from '../activities/chat/failures';
import type { FailureSpec } from '../activities/failure-spec';
import type { MailSender } from '../activities/mail/client';
import { mailFailures } from '../activities/mail/failures';
import { noticeFailures } from '../activities/notice-failures';
import type { MailSettings } from '../platform/channel-settings';
import type { Logger } from '../platform/logger';
import type { People, Person } from '../platform/people';
import type { Channel, NoticeRow } from '../platform/store/outbox';
import type { Store, TaskRow } from '../platform/store/store';
import { messageOf } from '../platform/system-error';
import { chatMessageOf, mailMessageOf, messageIdOf } from './notice-message';

export interface CourierParts {
  readonly store: Pick<Store, 'notices' | 'views' | 'journal' | 'blobs' | 'changes'>;
  readonly people: Pick<People, 'find'>;
  /** Who a candidate is at this instant: `team/web`, `on-call/shop`, `user/anna`. */
  readonly audience: (candidate: string, at: number) => Promise<readonly string[]>;
  readonly mail: (MailSettings & { readonly sender: MailSender }) | null;
  readonly chat: { readonly sender: ChatSender; readonly hasButtons: boolean } | null;
  readonly publicUrl: string;
  readonly voteKey: Uint8Array;
  readonly logger: Logger;
  readonly now: () => number;
  /** Another than two seconds, in tests. */
  readonly everyMs?: number;
}

/** Longer than the slowest mail server is waited for. */
const leaseMs = 5 * 60_000;
const takenAtOnce = 10;
const mostAttempts = 10;
const firstDelayMs = 30_000;
const longestDelayMs = 60 * 60_000;
/** For tasks that never come due: an old message must not be a key for ever. */
const tokenLifeMs = 30 * 24 * 60 * 60_000;

/**
 * Carries what stands in the outbox to people.
 *
 * - C1 Any number of couriers may be at work: each notice is with one of them at a time (N1).
 * - C2 A message that may have gone is sent again under the same message id: that is one mail.
 * - C3 What is journaled is that a channel has accepted a message; nobody knows whether it was delivered, let alone read.
 */
export function startCourier(parts: CourierParts): () => Promise<void> {
  const stopping = new AbortController();
  let running = Promise.resolve();
  let timer = setTimeout(run, 0);
  function run(): void {
    running = round(parts, stopping.signal).finally(() => {
      if (!stopping.signal.aborted) timer = setTimeout(run, parts.everyMs ?? 2_000);
    });
  }
  return async () => {
    stopping.abort();
    clearTimeout(timer);
    await running;
  };
}

async function round(parts: CourierParts, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted && (await deliverDue(parts)) > 0);
  } catch (error) {
    parts.logger.warn({ error: messageOf(error) }, 'notices not delivered: tried again soon');
  }
}

/** Answers how many notices were looked at. */
export async function deliverDue(parts: CourierParts): Promise<number> {
  const notices = await parts.store.notices.take({ now: parts.now(), leaseMs, limit: takenAtOnce });
  await Promise.all(notices.map((notice) => handleOrReport(parts, notice)));
  return notices.length;
}

/** What cannot be handled comes again after the lease, and is given up like what cannot be sent. */
async function handleOrReport(parts: CourierParts, notice: NoticeRow): Promise<void> {
  try {
    await handle(parts, notice);
  } catch (error) {
    const reason = messageOf(error);
    parts.logger.warn({ notice: notice.id, error: reason }, 'notice not handled');
    if (notice.attempts >= mostAttempts)
      await parts.store.notices.settle(notice, { kind: 'failed', code: 'NOTICE_BROKEN', reason, at: parts.now() });
  }
}

async function handle(parts: CourierParts, notice: NoticeRow): Promise<void> {
  const { notices, views } = parts.store;
  const [task] = await views.tasks({ id: notice.taskId });
  if (task === undefined || isPast(notice, task)) return notices.drop(notice);
  const { channel } = notice;
  if (channel === null) return address(parts, notice, task);
  const person = await parts.people.find(notice.recipient);
  return person.active ? deliver(parts, { ...notice, channel }, { task, person }) : notices.drop(notice);
}

/** Nobody is to be bothered any more: it is decided, or is not, or no longer, asked of this person. */
function isPast(notice: NoticeRow, task: TaskRow): boolean {
  if (notice.what === 'refused') return false;
  if (task.closed !== null) return true;
  if (notice.what === 'urgent') return false;
  return task.asked?.some(({ actor }) => actor === notice.recipient) !== true;
}

interface About {
  readonly task: TaskRow;
  readonly person: Person;
}

async function address(parts: CourierParts, notice: NoticeRow, task: TaskRow): Promise<void> {
  const { now, store, people, audience } = parts;
  const references = notice.what === 'urgent' ? await audience(notice.recipient, now()) : [notice.recipient];
  const found = await Promise.all(references.map((reference) => people.find(reference)));
  const active = found.filter((person) => person.active);
  if (found.length > 0 && active.length === 0) return store.notices.drop(notice);
  const { planHash, showHash, dueAt, openedAt } = task;
  const signed = { planHash, showHash, expiresAt: dueAt ?? openedAt + tokenLifeMs };
  const deliveries = active.flatMap((person) =>
    channelsTo(parts, notice, person).map((channel) => ({ recipient: person.reference, channel, ...signed })),
  );
  if (deliveries.length > 0) return store.notices.address(notice, deliveries, now());
  const reason = `no Person document says where "${notice.recipient}" can be reached`;
  await store.notices.settle(notice, { kind: 'failed', code: 'ADDRESS_UNKNOWN', reason, at: now() });
}

function channelsTo({ mail, chat }: CourierParts, { what }: NoticeRow, person: Person): readonly Channel[] {
  const channels: Channel[] = [];
  if (mail !== null && person.email !== null) channels.push('mail');
  if (chat !== null && person.chat !== null && what !== 'refused') channels.push('chat');
  return channels;
}

type Addressed = NoticeRow & { readonly channel: Channel };

async function deliver(parts: CourierParts, notice: Addressed, about: About): Promise<void> {
  const { store, now } = parts;
  const result = await send(parts, notice, about);
  if (result.kind === 'sent')
    return store.notices.settle(notice, { ...result, messageId: messageIdOf(parts, notice), at: now() });
  const { code, reason } = result;
  if (failures[code].retry && notice.attempts < mostAttempts)
    return store.notices.postpone(notice, now() + delayMs(notice.attempts));
  return store.notices.settle(notice, { kind: 'failed', code, reason, at: now() });
}

const failures = {
  ...mailFailures,
  ...chatFailures,
  ...noticeFailures,
} as const satisfies Record<string, FailureSpec>;

type Sent =
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed'; readonly code: keyof typeof failures; readonly reason: string };

async function send(parts: CourierParts, notice: Addressed, { task, person }: About): Promise<Sent> {
  switch (notice.channel) {
    case 'mail':
      if (parts.mail === null || person.email === null) return gone;
      return parts.mail.sender.send(await mailMessageOf(parts, notice, { task, person }));
    case 'chat':
      if (parts.chat === null || person.chat === null) return gone;
      return parts.chat.sender.send(await chatMessageOf(parts, notice, { task, person }));
  }
}

const gone: Sent = {
  kind: 'failed',
  code: 'CHANNEL_GONE',
  reason: 'the channel, or the address in it, is no longer configured',
};

function delayMs(attempts: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (attempts - 1));
}
