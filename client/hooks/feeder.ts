import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from '../../platform/logger';
import type { NewDelivery } from '../../platform/store/deliveries';
import type { Store } from '../../platform/store/store';
import { messageOf } from '../../platform/system-error';
import type { DeliveryInput } from '../../workflows/webhook/messages';
import type { GrantBook } from '../access-grants';
import type { LiveEvent } from '../api/live-schema';
import type { Live } from '../live';
import type { ScopedEvent } from '../live-events';
import { lastPosition } from '../live-feed';
import type { FeedEvent } from '../live-feed';
import { subscribers } from './published-subscriptions';

export interface FeederParts {
  readonly store: Pick<Store, 'deliveries' | 'definitions' | 'feed' | 'installation'>;
  readonly live: Pick<Live, 'events'>;
  readonly grants: Pick<GrantBook, 'grantsOf'>;
  /** Once for each input, however often it is asked. */
  readonly startDelivery: (input: DeliveryInput) => Promise<void>;
  readonly logger: Logger;
  readonly now: () => number;
  /** Others than those below, in tests. */
  readonly startEveryMs?: number;
}

const startEveryMs = 5_000;
const againAfterMs = 1_000;
const startedAtOnce = 100;
/** The mark moves with every delivery, and else so often: what is read again gives the same deliveries. */
const markEveryMs = 10_000;

/**
 * Makes deliveries of what happens.
 *
 * - F1 What was read and what comes of it are written together: a feeder that dies goes on where it was, and makes nothing twice (D1).
 * - F2 A delivery that is written is started, at once or later, by this process or the next.
 */
export function startFeeder(parts: FeederParts): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const feeding = again(parts, signal, () => feed(parts, signal));
  const starting = again(parts, signal, async () => {
    await startWaiting(parts, signal);
    await sleep(parts.startEveryMs ?? startEveryMs, undefined, { signal });
  });
  return async () => {
    stopping.abort();
    await Promise.all([feeding, starting]);
  };
}

async function again({ logger }: FeederParts, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ error: messageOf(error) }, 'subscriptions not told: tried again soon');
      await sleep(againAfterMs, undefined, { signal }).catch(() => {});
    }
  }
}

async function feed(parts: FeederParts, signal: AbortSignal): Promise<void> {
  const { store, live, now } = parts;
  const { id: installation } = await store.installation();
  const known = await store.deliveries.mark();
  const after = known ?? (await store.feed.now());
  // Else one that dies before the first event would begin later than this.
  if (known === null) await store.deliveries.add([], after);
  let markedAtMs = 0;
  for await (const event of live.events.listen({ after, signal }, (scoped) => scoped)) {
    const position = placeAfter(event, parts);
    if (position === null) return;
    const deliveries = event.kind === 'news' ? await deliveriesOf(parts, { event, installation }) : [];
    if (deliveries.length === 0 && now() - markedAtMs < markEveryMs) continue;
    await store.deliveries.add(deliveries, position);
    markedAtMs = now();
    if (deliveries.length > 0) await startWaiting(parts, signal);
  }
}

/** Null: it listens anew, from the mark on. */
function placeAfter(event: FeedEvent<ScopedEvent>, { logger }: FeederParts): number | null {
  switch (event.kind) {
    case 'news':
      return lastPosition(event.items, 0);
    case 'quiet':
      return event.position;
    case 'gap':
      logger.warn({}, 'subscriptions were not told of what happened while nobody told them: it is not kept any more');
      return event.position;
    case 'slow':
    case 'end':
      return null;
  }
}

interface Heard {
  readonly event: Extract<FeedEvent<ScopedEvent>, { readonly kind: 'news' }>;
  readonly installation: string;
}

async function deliveriesOf(
  { store, grants, now }: FeederParts,
  { event, installation }: Heard,
): Promise<readonly NewDelivery[]> {
  const all = await subscribers(store, grants);
  return event.items.flatMap(({ value: scoped }) =>
    all.flatMap(({ name, tell }) => {
      const told = tell(scoped);
      if (told === null) return [];
      const eventId = `evt_${shortHash([installation, scoped.stream, String(told.seq)])}`;
      const id = `d${shortHash([name, eventId])}`;
      return [{ id, subscription: name, eventId, kind: told.kind, body: bodyOf(told), createdAt: now() }];
    }),
  );
}

function bodyOf(event: LiveEvent): string {
  return JSON.stringify({ type: event.kind, timestamp: new Date(event.at).toISOString(), data: event });
}

function shortHash(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 24);
}

/** F2. */
async function startWaiting({ store, startDelivery }: FeederParts, signal: AbortSignal): Promise<void> {
  for (;;) {
    const waiting = await store.deliveries.waiting(startedAtOnce);
    for (const { id, round, subscription } of waiting) {
      if (signal.aborted) return;
      await startDelivery({ deliveryId: id, round, subscription });
      await store.deliveries.started(id, round);
    }
    if (waiting.length < startedAtOnce) return;
  }
}
