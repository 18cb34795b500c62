/** The outbox: what people are to be told about tasks. Rows come with the entry that is the reason for them. */
export interface Notices {
  /** Up to so many that are due, oldest first; nobody else gets them before the lease is over. Counts an attempt. */
  take(request: {
    readonly now: number;
    readonly leaseMs: number;
    readonly limit: number;
  }): Promise<readonly NoticeRow[]>;
  /** One becomes one for each person and channel; who is a candidate twice is told once. */
  address(notice: NoticeRow, deliveries: readonly Delivery[], at: number): Promise<void>;
  /** Done with; journaled in the stream `system`. */
  settle(notice: NoticeRow, outcome: NoticeOutcome): Promise<void>;
  /** Nobody needs to be told any more. */
  drop(notice: NoticeRow): Promise<void>;
  postpone(notice: NoticeRow, until: number): Promise<void>;
  find(id: string): Promise<NoticeRow | null>;
}

/** `sent`: the channel has accepted it. */
export type NoticeOutcome =
  | { readonly kind: 'sent'; readonly messageId: string; readonly at: number }
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string; readonly at: number };

export type Channel = 'mail' | 'chat';

/** Who is told by which channel; what a vote by the message signs, and until when it is good for one. */
export interface Delivery {
  /** `user/ben`. */
  readonly recipient: string;
  readonly channel: Channel;
  readonly planHash: string;
  readonly showHash: string;
  readonly expiresAt: number;
}

export interface NoticeRow extends Omit<Delivery, 'channel'> {
  readonly id: string;
  readonly taskId: string;
  /** `urgent`: no approval, but a decision that cannot wait. */
  readonly what: 'opened' | 'reminded' | 'refused' | 'urgent';
  /** Where the reason stands in the journal. */
  readonly stream: string;
  readonly seq: number;
  /** Of an urgent one that is not cut into channels yet: a candidate as the task names it, `team/web`. */
  readonly recipient: string;
  /** `user/anna`: whose vote a delegate is asked for. */
  readonly onBehalfOf: string | null;
  /** Null: not cut into channels yet. */
  readonly channel: Channel | null;
  readonly attempts: number;
}
