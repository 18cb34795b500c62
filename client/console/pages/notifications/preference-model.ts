import { channels, noticeKinds } from '../../../../workflows/domain/notice';
import type { Channel, NoticeKind } from '../../../../workflows/domain/notice';
import { channelsFor, mostQuietHours, quietMinutes } from '../../../../workflows/domain/notice-delivery';
import type { NoticePreferences } from '../../../../workflows/domain/notice-delivery';

/** How somebody is told of one kind: as of everything else, not at all, or by channels of its own. */
export type Way = 'usual' | 'off' | 'own';

export function wayOf({ kinds }: NoticePreferences, kind: NoticeKind): Way {
  const chosen = kinds[kind];
  if (chosen === undefined) return 'usual';
  return chosen === 'off' ? 'off' : 'own';
}

export interface Chosen {
  readonly preferences: NoticePreferences;
  readonly reachable: readonly Channel[];
}

/** What asks for an answer comes in any case: to turn it off is not offered. */
export function waysOf(chosen: Chosen, kind: NoticeKind): readonly Way[] {
  const now = wayOf(chosen.preferences, kind);
  const own: readonly Way[] = offeredChannels(chosen).length > 0 || now === 'own' ? ['own'] : [];
  const off: readonly Way[] = !noticeKinds[kind].asks || now === 'off' ? ['off'] : [];
  return ['usual', ...own, ...off];
}

/** Channels of its own begin as what it comes by now. */
export function withWay({ preferences, reachable }: Chosen, kind: NoticeKind, way: Way): NoticePreferences {
  const { [kind]: _before, ...others } = preferences.kinds;
  switch (way) {
    case 'usual':
      return { ...preferences, kinds: others };
    case 'off':
      return { ...preferences, kinds: { ...others, [kind]: 'off' } };
    case 'own': {
      const now = channelsFor({ kind, preferences: { ...preferences, kinds: others }, reachable });
      return { ...preferences, kinds: { ...others, [kind]: now } };
    }
  }
}

/** The channels of one kind; null: those of everything else. */
export function withChannels(
  preferences: NoticePreferences,
  kind: NoticeKind | null,
  chosen: readonly Channel[],
): NoticePreferences {
  if (kind === null) return { ...preferences, channels: chosen };
  return { ...preferences, kinds: { ...preferences.kinds, [kind]: chosen } };
}

/** In the order in which channels are always named. */
export function toggled(chosen: readonly Channel[], channel: Channel, isChosen: boolean): readonly Channel[] {
  return channels.filter((each) => (each === channel ? isChosen : chosen.includes(each)));
}

/** Those that can be chosen: what reaches the person, and what they have chosen before. */
export function offeredChannels({ preferences, reachable }: Chosen): readonly Channel[] {
  const named = Object.values(preferences.kinds).flatMap((chosen) => (chosen === 'off' ? [] : chosen));
  const offered = new Set([...reachable, ...(preferences.channels ?? []), ...named]);
  return channels.filter((channel) => offered.has(channel));
}

/** Null: nothing is wrong with it. */
export function quietProblem({ quiet }: NoticePreferences): string | null {
  if (quiet === null) return null;
  if (quiet.from === '' || quiet.to === '') return 'Say from when, and until when.';
  if (quietMinutes(quiet) <= mostQuietHours * 60) return null;
  return `At most ${mostQuietHours} hours: what you never want to be told can be turned off below.`;
}

export function digestProblem({ digest, digestAt }: NoticePreferences): string | null {
  return digest === 'daily' && digestAt === '' ? 'Say when.' : null;
}

/** Kinds that would come by no channel at all, though they are not off. */
export function kindsWithoutChannel({ kinds }: NoticePreferences): readonly string[] {
  return Object.entries(kinds).flatMap(([kind, chosen]) => (chosen.length === 0 ? [kind] : []));
}
