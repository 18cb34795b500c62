import { parse } from 'yaml';
import { z } from 'zod';

import type { Secrets } from '../../platform/secrets';
import type { DeliveryRow } from '../../platform/store/deliveries';
import type { Store } from '../../platform/store/store';
import { messageOf } from '../../platform/system-error';
import { postWebhook } from '../../platform/webhook-post';
import type { WebhookAnswer } from '../../platform/webhook-post';
import { signedWith } from '../../platform/webhook-signature';
import type { DeliveryAttemptInput, DeliveryReply } from '../../workflows/webhook/messages';

export interface DeliveryPlace {
  readonly store: Pick<Store, 'deliveries' | 'definitions'>;
  readonly secrets: Secrets;
  readonly privateAddresses: 'allow' | 'refuse';
  readonly now: () => number;
}

/** What is needed of a published subscription. It was checked when it was published. */
const PublishedSubscription = z.object({
  metadata: z.object({ owner: z.string().default('') }),
  spec: z.object({ url: z.url(), secret: z.string(), active: z.boolean().default(true) }),
});
type PublishedSubscription = z.infer<typeof PublishedSubscription>;

/** The receiver wants to hear nothing any more. */
const gone = 410;

/** One attempt to tell a receiver; where to, and with which secret, is as published at this moment. */
export async function deliver(
  place: DeliveryPlace,
  { deliveryId, round, subscription, last }: DeliveryAttemptInput,
  signal: AbortSignal,
): Promise<DeliveryReply> {
  const { deliveries } = place.store;
  const row = await deliveries.get(deliveryId);
  if (row === null || row.round !== round) return { outcome: 'dead' };
  // The attempt before came to its end, and died before it could say so.
  if (row.state === 'delivered' || row.state === 'dead') return { outcome: row.state };
  const published = await place.store.definitions.get('Subscription', subscription);
  const found = published === null ? null : PublishedSubscription.parse(parse(published.text));
  const { status, answer } = found?.spec.active === true ? await tell(place, { row, found }, signal) : unwanted;
  const outcome = outcomeOf(status, last || found?.spec.active !== true);
  const state = outcome === 'refused' ? 'sending' : outcome;
  await deliveries.attempted(deliveryId, { round, state, answer, at: place.now() });
  return { outcome };
}

const unwanted: WebhookAnswer = { status: null, answer: 'the subscription is not active' };

function outcomeOf(status: number | null, isLast: boolean): DeliveryReply['outcome'] {
  if (status !== null && status >= 200 && status < 300) return 'delivered';
  return isLast || status === gone ? 'dead' : 'refused';
}

async function tell(
  { secrets, privateAddresses, now }: DeliveryPlace,
  { row, found }: { readonly row: DeliveryRow; readonly found: PublishedSubscription },
  signal: AbortSignal,
): Promise<WebhookAnswer> {
  const { spec, metadata } = found;
  const secret = await secrets.resolve(spec.secret, metadata.owner).catch((error: unknown) => messageOf(error));
  if (typeof secret === 'string') return { status: null, answer: secret };
  const timestamp = String(Math.floor(now() / 1_000));
  const message = { id: row.eventId, timestamp, body: Buffer.from(row.body) };
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Mainstay',
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signedWith(message, secret),
  };
  return postWebhook({ url: new URL(spec.url), headers, body: row.body, privateAddresses, signal });
}
