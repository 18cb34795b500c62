import { z } from 'zod';

import { Next } from './page';

/** What others may call. */
export const HookView = z.object({
  name: z.string(),
  title: z.string(),
  owner: z.string(),
  /** Below the address of the installation. */
  address: z.string(),
  auth: z.enum(['standard', 'github', 'token']),
  /** `start shop-release`, `signal deployed`. */
  does: z.string(),
});
export type HookView = z.infer<typeof HookView>;

export const HookList = z.object({ hooks: z.array(HookView), next: Next });

/** Who is told, and of what. */
export const SubscriptionView = z.object({
  name: z.string(),
  title: z.string(),
  owner: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  active: z.boolean(),
});
export type SubscriptionView = z.infer<typeof SubscriptionView>;

export const SubscriptionList = z.object({ subscriptions: z.array(SubscriptionView), next: Next });

export const DeliveryState = z.enum(['waiting', 'sending', 'delivered', 'dead']);

/** One message to one receiver, and how far it has come. */
export const DeliveryView = z.object({
  id: z.string(),
  subscription: z.string(),
  /** What the receiver knows the message by. */
  eventId: z.string(),
  kind: z.string(),
  state: DeliveryState,
  attempts: z.number(),
  /** Of the last attempt: what the receiver answered, or why it could not be told. */
  answer: z.string().nullable(),
  createdAt: z.number(),
  settledAt: z.number().nullable(),
});
export type DeliveryView = z.infer<typeof DeliveryView>;
