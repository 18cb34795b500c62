/** By which ways people are told. */
export const channels = ['mail', 'chat', 'teams', 'matrix', 'ntfy', 'webhook'] as const;
export type Channel = (typeof channels)[number];

/** `urgent`: at any hour. `low`: may be gathered and told at once. */
export type Urgency = 'urgent' | 'normal' | 'low';

interface NoticeSpec {
  readonly urgency: Urgency;
  /** They wait for this person: that is not to be turned off. */
  readonly asks: boolean;
  /** For people who choose what they want to be told. */
  readonly words: string;
}

/** What people are told of. */
export const noticeKinds = {
  'task.opened': { urgency: 'normal', asks: true, words: 'A vote or an answer of yours is wanted' },
  'task.reminded': { urgency: 'normal', asks: true, words: 'It still is, and time is running out' },
  'task.refused': { urgency: 'normal', asks: true, words: 'An answer that you gave by mail did not count' },
  'task.urgent': { urgency: 'urgent', asks: true, words: 'Something stands still until you decide' },
  'task.delegated': { urgency: 'normal', asks: true, words: 'Somebody has handed you what was asked of them' },
  'run.failed': { urgency: 'normal', asks: false, words: 'A run of yours or of your team has failed' },
  'run.recovered': { urgency: 'low', asks: false, words: 'What failed before has succeeded again' },
  'change.scheduled': { urgency: 'low', asks: false, words: 'A change that you have a part in has its time' },
  'change.started': { urgency: 'low', asks: false, words: 'A change that you have a part in has begun' },
  'change.extended': {
    urgency: 'normal',
    asks: false,
    words: 'A change that you have a part in lasts longer than announced',
  },
  'change.ended': { urgency: 'normal', asks: false, words: 'A change that you have a part in is over' },
  'change.backed-out': { urgency: 'urgent', asks: false, words: 'A change that you have a part in was taken back' },
  'change.back-out-failed': {
    urgency: 'urgent',
    asks: false,
    words: 'A change that you have a part in could not be taken back',
  },
  'drill.failed': { urgency: 'normal', asks: false, words: 'A restore drill has failed' },
  'backup.at-risk': { urgency: 'normal', asks: false, words: 'Backups of a service are not what they should be' },
  'lock.orphaned': { urgency: 'urgent', asks: false, words: 'A run that is over has left locks behind' },
} as const satisfies { readonly [kind: string]: NoticeSpec };

/**
 * So many pieces of news each channel shows whole in one message, however long their titles are. What is left is the next message:
 * nobody has been told what was cut away.
 */
export const mostInDigest: { readonly [C in Channel]: number } = {
  mail: 80,
  chat: 6,
  teams: 20,
  matrix: 15,
  ntfy: 5,
  webhook: 15,
};

export type NoticeKind = keyof typeof noticeKinds;

export const allNoticeKinds: readonly NoticeKind[] = Object.keys(noticeKinds).filter(isNoticeKind);

export function isNoticeKind(text: string): text is NoticeKind {
  return Object.hasOwn(noticeKinds, text);
}

export function isChannel(text: string): text is Channel {
  const known: readonly string[] = channels;
  return known.includes(text);
}
