import type { Channel, NoticeKind } from '../../workflows/domain/notice';

/** The outbox: what people are to be told. Rows come with the entry that is the reason for them. */
export interface Notices {
  /**
   * Up to so many that are due, oldest first, and of one that is gathered all others that go into the same message; nobody else gets
   * them before the lease is over. Counts an attempt.
   */
  take(request: {
    readonly now: number;
    readonly leaseMs: number;
    readonly limit: number;
  }): Promise<readonly NoticeRow[]>;
  /** Whoever is still at it has them for longer. */
  keep(notices: readonly NoticeRow[], until: number): Promise<void>;
  /** One becomes one for each person and channel; who is a candidate twice is told once. */
  address(notice: NoticeRow, deliveries: readonly Delivery[], at: number): Promise<void>;
  /** Done with, all of them at once: they were one message. Journaled in the stream `system`. */
  settle(notices: readonly NoticeRow[], outcome: NoticeOutcome): Promise<void>;
  /** Nobody needs to be told any more. */
  drop(notice: NoticeRow): Promise<void>;
  postpone(notices: readonly NoticeRow[], until: number, because: NoticeFailure): Promise<void>;
  /** Not the time for it: that it was taken was no attempt. */
  hold(notices: readonly NoticeRow[], until: number): Promise<void>;
  /** Put off, and out of the message that it was to be a part of. */
  separate(notices: readonly NoticeRow[], until: number, because: NoticeFailure): Promise<void>;
  find(id: string): Promise<NoticeRow | null>;
  /** Newest first, without those in whose place others have come. */
  list(filter: NoticeFilter): Promise<readonly ListedNotice[]>;
}

export interface NoticeFailure {
  readonly code: string;
  readonly reason: string;
}

/** `sent`: the channel has accepted it. */
export type NoticeOutcome =
  | { readonly kind: 'sent'; readonly messageId: string; readonly at: number }
  | ({ readonly kind: 'failed'; readonly at: number } & NoticeFailure);

/** `id`: of the task or the process; of locks that of the run that holds them. */
export interface NoticeAbout {
  readonly kind: (typeof noticeSubjects)[number];
  readonly id: string;
}

export const noticeSubjects = ['task', 'run', 'change', 'backup', 'lock'] as const;

/** What a vote by the message signs, and until when it is good for one. */
export interface VoteTerms {
  readonly planHash: string;
  readonly showHash: string;
  readonly expiresAt: number;
}

/** Who is told by which channel, and when. */
export interface Delivery {
  /** `user/ben`. */
  readonly recipient: string;
  readonly channel: Channel;
  /** Not before. */
  readonly at: number;
  /** It may go in one message with others. */
  readonly isGathered: boolean;
  readonly vote: VoteTerms | null;
}

export interface NoticeRow {
  readonly id: string;
  readonly about: NoticeAbout;
  readonly what: NoticeKind;
  /** Where the reason stands in the journal. */
  readonly stream: string;
  readonly seq: number;
  /**
   * Of one that is not cut into channels yet: a candidate as the task names it, `team/web`; empty where whoever it is of is looked for
   * only then.
   */
  readonly recipient: string;
  /** `user/anna`: whose vote a delegate is asked for. */
  readonly onBehalfOf: string | null;
  /** Null: not cut into channels yet. */
  readonly channel: Channel | null;
  readonly attempts: number;
  readonly vote: VoteTerms | null;
  /** Those with the same one are one message, also when it is sent again; null: it is a message by itself. */
  readonly batch: string | null;
}

export const noticeStates = ['open', 'pending', 'sent', 'failed', 'dropped'] as const;
export type NoticeState = (typeof noticeStates)[number];

export interface ListedNotice extends NoticeRow {
  readonly state: NoticeState;
  readonly createdAt: number;
  /** When it is tried next; null: it will not be. */
  readonly nextAt: number | null;
  /** Why the last attempt came to nothing. */
  readonly failure: NoticeFailure | null;
}

export interface NoticeFilter {
  readonly about?: NoticeAbout;
  readonly recipient?: string;
  readonly state?: NoticeState;
  /** Newest first, on after this one. */
  readonly before?: { readonly createdAt: number; readonly id: string };
  readonly limit: number;
}
