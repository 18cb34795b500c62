import { noticeKinds } from './notice';
import type { Channel, NoticeKind } from './notice';

/** What somebody wants to be told, how, and when. */
export interface NoticePreferences {
  /** Null: every one that reaches them. */
  readonly channels: readonly Channel[] | null;
  /** What differs from `channels`. */
  readonly kinds: { readonly [K in NoticeKind]?: readonly Channel[] | 'off' };
  readonly quiet: QuietHours | null;
  /** Of what has low urgency only. */
  readonly digest: 'off' | 'hourly' | 'daily';
  /** `08:00` by the person's clock; matters when `digest` is `daily`. */
  readonly digestAt: string;
}

/** By the person's clock, `22:00` to `07:00`; the same time twice is no time at all. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

export const defaultPreferences: NoticePreferences = {
  channels: null,
  kinds: {},
  quiet: null,
  digest: 'off',
  digestAt: '08:00',
};

/** What is left of the day must be more than any clock is ever put on by, or a day might have no time to tell anything. */
export const mostQuietHours = 16;

/** Where instants and the person's clock meet; a wall time is written as the epoch milliseconds of the same digits in UTC. */
export interface PersonClock {
  /** The first of two; moved on by the gap where there is none. */
  instantOf(wallMs: number): number;
  wallOf(instantMs: number): number;
}

export interface NoticeDelivery {
  readonly channel: Channel;
  /** Epoch ms from which on the message may go. */
  readonly at: number;
  /** To be told with all else that is due with it. */
  readonly digest: boolean;
}

interface DeliveryRequest {
  readonly kind: NoticeKind;
  readonly preferences: NoticePreferences;
  /** By which the person can be reached as things are. */
  readonly reachable: readonly Channel[];
  readonly at: number;
  /** When an answer is due at the latest; null: none is, or at any time. */
  readonly by: number | null;
  readonly clock: PersonClock;
}

/**
 * Where and when somebody is told. Empty: they do not want to be told, or nothing reaches them.
 *
 * - D1 What asks for an answer is not to be turned off: then it comes by the channels that are left.
 * - D2 Within quiet hours comes only what is urgent, and a question that could hardly be answered after them.
 * - D3 Nothing that is wanted is lost: a channel that is no longer there is replaced by the others, and every delay ends within 36 hours.
 */
export function deliveriesFor(request: DeliveryRequest): readonly NoticeDelivery[] {
  const { kind, preferences } = request;
  const digest = noticeKinds[kind].urgency === 'low' && preferences.digest !== 'off';
  const at = timeOf(request);
  return channelsFor(request).map((channel) => ({ channel, at, digest }));
}

/** By which channels somebody is told of this kind as things are. */
export function channelsFor({
  kind,
  preferences,
  reachable,
}: Pick<DeliveryRequest, 'kind' | 'preferences' | 'reachable'>): readonly Channel[] {
  const { asks } = noticeKinds[kind];
  const chosen = preferences.kinds[kind] ?? preferences.channels ?? reachable;
  if (!asks && (chosen === 'off' || chosen.length === 0)) return [];
  const choices = [chosen, preferences.channels, reachable].map((wanted) =>
    reachable.filter((channel) => wanted !== 'off' && wanted?.includes(channel) === true),
  );
  return choices.find((channels) => channels.length > 0) ?? [];
}

/** How long it is quiet each day. */
export function quietMinutes({ from, to }: QuietHours): number {
  return (minutesOf(to) - minutesOf(from) + dayMinutes) % dayMinutes;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMinutes = 24 * 60;
const dayMs = dayMinutes * minuteMs;

function timeOf({ kind, preferences, at, by, clock }: DeliveryRequest): number {
  const day = { quiet: preferences.quiet, clock };
  switch (noticeKinds[kind].urgency) {
    case 'urgent':
      return at;
    case 'normal': {
      const later = afterQuiet(at, day);
      return by !== null && by - later < leastTimeToAnswer(by - at) ? at : later;
    }
    case 'low':
      return digestTime(at, preferences, day);
  }
}

/** Of the time that is left now. */
function leastTimeToAnswer(leftMs: number): number {
  return Math.max(leftMs / 4, hourMs);
}

interface Day {
  readonly quiet: QuietHours | null;
  readonly clock: PersonClock;
}

function digestTime(at: number, { digest, digestAt }: NoticePreferences, day: Day): number {
  switch (digest) {
    case 'off':
      return afterQuiet(at, day);
    case 'hourly':
      return afterQuiet(at + untilNext(day.clock.wallOf(at), hourMs), day);
    case 'daily':
      return nextDaily(at, digestAt, day);
  }
}

/** That of a day may come within quiet hours, and so with the end of them on the next. */
function nextDaily(at: number, digestAt: string, day: Day): number {
  const today = startOfDay(day.clock.wallOf(at));
  const times = [-1, 0, 1, 2].map((days) =>
    afterQuiet(day.clock.instantOf(today + days * dayMs + minutesOf(digestAt) * minuteMs), day),
  );
  return times.find((time) => time >= at) ?? at;
}

/** A day that is put on in the middle of what is left of it may need a second look. */
const mostLooks = 3;

function afterQuiet(at: number, { quiet, clock }: Day): number {
  if (quiet === null) return at;
  let time = at;
  for (let look = 0; look < mostLooks && isQuiet(clock.wallOf(time), quiet); look++)
    time = nextOnClock(time, minutesOf(quiet.to), clock);
  return time;
}

function isQuiet(wallMs: number, quiet: QuietHours): boolean {
  const sinceFrom = (wallMs - startOfDay(wallMs) - minutesOf(quiet.from) * minuteMs + dayMs) % dayMs;
  return sinceFrom < quietMinutes(quiet) * minuteMs;
}

/** When the clock shows that time of day next. */
function nextOnClock(at: number, minutes: number, clock: PersonClock): number {
  const wall = clock.wallOf(at);
  const since = wall - startOfDay(wall) - minutes * minuteMs;
  const next = wall + (since < 0 ? -since : dayMs - since);
  // The clock shows an hour twice when it is put back: who is in the second one must not be sent to the first.
  const unchanged = at + (next - wall);
  return clock.wallOf(unchanged) === next ? unchanged : clock.instantOf(next);
}

function untilNext(wallMs: number, stepMs: number): number {
  return (stepMs - (wallMs % stepMs)) % stepMs;
}

function startOfDay(wallMs: number): number {
  return Math.floor(wallMs / dayMs) * dayMs;
}

function minutesOf(time: string): number {
  const [hour = '0', minute = '0'] = time.split(':');
  return Number(hour) * 60 + Number(minute);
}
