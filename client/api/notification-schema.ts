import { z } from 'zod';

import { allNoticeKinds, channels } from '../../workflows/domain/notice';
import { defaultPreferences, mostQuietHours, quietMinutes } from '../../workflows/domain/notice-delivery';
import type { NoticePreferences as Preferences } from '../../workflows/domain/notice-delivery';

const Channels = z.array(z.enum(channels)).max(channels.length);

const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Expected a time of day such as 22:00');

const QuietHours = z
  .strictObject({ from: TimeOfDay, to: TimeOfDay })
  .refine((quiet) => quietMinutes(quiet) <= mostQuietHours * 60, `Expected at most ${mostQuietHours} hours of quiet`);

type Said = { readonly [F in keyof Preferences]?: Preferences[F] | undefined };

/** What is left out is as with whoever has never said anything. */
export const NoticePreferences: z.ZodType<Preferences, Said> = z.strictObject({
  /** Null: every one that reaches the person. */
  channels: Channels.nullable().default(null),
  /** What differs from that. What asks for an answer comes all the same where it is off: by the other channels. */
  kinds: z.partialRecord(z.enum(allNoticeKinds), z.union([z.literal('off'), Channels.min(1)])).default({}),
  /** By the clock of the person's zone; what is urgent comes all the same. */
  quiet: QuietHours.nullable().default(null),
  /** Of what has low urgency only. */
  digest: z.enum(['off', 'hourly', 'daily']).default(defaultPreferences.digest),
  digestAt: TimeOfDay.default(defaultPreferences.digestAt),
});

export type NoticePreferences = z.infer<typeof NoticePreferences>;

export const PersonNotifications = z.object({
  person: z.string(),
  preferences: NoticePreferences,
  /** By which the person can be told as things are. */
  reachable: z.array(z.enum(channels)),
  /** IANA name: that of the times of day. */
  zone: z.string(),
});
export type PersonNotifications = z.infer<typeof PersonNotifications>;
