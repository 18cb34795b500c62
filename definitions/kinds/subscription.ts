import { z } from 'zod';

const wanted = {
  url: 'an http or https address without a password in it',
  kind: 'a kind of the journal or its beginning: run.ended, task., change.state',
  where: 'at least one label',
} as const;

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/**
 * What others are told, signed as Standard Webhooks says. They hear what grants let `service/subscription-<name>` read, of the kinds that
 * they asked for, as it happens from the publishing on.
 */
export const Subscription = z.strictObject({
  url: z.string().max(2_000).refine(isAddress, wanted.url),
  /** Reference of the secret that signs; of the team that owns the subscription. */
  secret: z.string().min(1),
  events: z
    .array(z.string().regex(/^[a-z][A-Za-z.]*$/, wanted.kind))
    .min(1)
    .max(50),
  /** Only of what has these labels. */
  where: z
    .record(z.string().min(1), z.array(z.string().min(1)).min(1))
    .refine((labels) => Object.keys(labels).length > 0, wanted.where)
    .exactOptional(),
  /** `false`: nobody is told any more. */
  active: z.boolean().exactOptional(),
});
export type Subscription = z.infer<typeof Subscription>;
