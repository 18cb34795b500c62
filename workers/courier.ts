import { messageOf } from '../platform/system-error';
import type { NoticeRow } from '../platform/store/outbox';
import type { CourierParts } from './courier-parts';
import { broken, isLastAttempt, retryAt } from './notice-attempts';
import { handleNotices } from './notice-handling';

/** One that dies is followed by another after so long. */
const leaseMs = 30_000;
const renewEveryMs = 10_000;
const takenAtOnce = 10;

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
  const { store, now } = parts;
  const notices = await store.notices.take({ now: now(), leaseMs, limit: takenAtOnce });
  await Promise.all(messagesOf(notices).map((each) => keeping(parts, each)));
  return notices.length;
}

/** What goes together: those of one batch, and each of the others by itself. */
function messagesOf(notices: readonly NoticeRow[]): readonly (readonly NoticeRow[])[] {
  const messages = new Map<string, NoticeRow[]>();
  for (const notice of notices) {
    const name = notice.batch ?? notice.id;
    messages.set(name, [...(messages.get(name) ?? []), notice]);
  }
  return [...messages.values()];
}

async function keeping(parts: CourierParts, notices: readonly NoticeRow[]): Promise<void> {
  const renewal = setInterval(() => {
    parts.store.notices.keep(notices, parts.now() + leaseMs).catch((error: unknown) => {
      parts.logger.warn({ error: messageOf(error) }, 'notice not kept: another courier may send it as well');
    });
  }, renewEveryMs);
  try {
    await handleOrReport(parts, notices);
  } finally {
    clearInterval(renewal);
  }
}

/** What cannot be handled comes again later, and is given up like what cannot be sent. */
async function handleOrReport(parts: CourierParts, notices: readonly NoticeRow[]): Promise<void> {
  const { store, now, logger } = parts;
  try {
    await handleNotices(parts, notices);
  } catch (error) {
    const because = broken(error);
    logger.warn({ notices: notices.map(({ id }) => id), error: because.reason }, 'notice not handled');
    if (isLastAttempt(notices)) await store.notices.settle(notices, { kind: 'failed', ...because, at: now() });
    else await store.notices.postpone(notices, retryAt(notices, now()), because);
  }
}
