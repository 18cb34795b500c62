import { allNoticeKinds, channels, isChannel, isNoticeKind } from '../../workflows/domain/notice';
import type { Channel, NoticeKind } from '../../workflows/domain/notice';
import type { NoticePreferences } from '../../workflows/domain/notice-delivery';
import { Misuse } from './failure';

/** As the command line says it. */
export interface PreferenceChanges {
  readonly channels?: readonly string[];
  readonly channel?: readonly string[];
  readonly off?: readonly string[];
  readonly on?: readonly string[];
  readonly quiet?: string;
  readonly digest?: NoticePreferences['digest'];
  readonly digestAt?: string;
}

/** What stands, with what is to be another way. */
export function changedPreferences(before: NoticePreferences, changes: PreferenceChanges): NoticePreferences {
  const { channels: wanted, channel = [], off = [], on = [], quiet, digest, digestAt } = changes;
  const kinds: { [K in NoticeKind]?: readonly Channel[] | 'off' } = { ...before.kinds };
  for (const kind of on.map(kindOf)) delete kinds[kind];
  for (const kind of off.map(kindOf)) kinds[kind] = 'off';
  for (const said of channel) {
    const [kind = '', list = ''] = said.split('=');
    const named = list.split(',').map(channelOf);
    kinds[kindOf(kind)] = named;
  }
  return {
    channels: wanted === undefined ? before.channels : wanted.includes('all') ? null : wanted.map(channelOf),
    kinds,
    quiet: quiet === undefined ? before.quiet : quietOf(quiet),
    digest: digest ?? before.digest,
    digestAt: digestAt ?? before.digestAt,
  };
}

function quietOf(text: string): NoticePreferences['quiet'] {
  if (text === 'off') return null;
  const [from, to, ...more] = text.split('-');
  if (from === undefined || to === undefined || more.length > 0)
    throw new Misuse(`Cannot read the quiet hours "${text}": expected such as 22:00-07:00, or off`);
  return { from, to };
}

function kindOf(text: string): NoticeKind {
  if (isNoticeKind(text)) return text;
  throw new Misuse(`Cannot tell what "${text}" is: expected one of ${allNoticeKinds.join(', ')}`);
}

function channelOf(text: string): Channel {
  if (isChannel(text)) return text;
  throw new Misuse(`Cannot use the channel "${text}": expected one of ${channels.join(', ')}`);
}
