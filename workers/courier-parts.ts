import type { Logger } from '../platform/logger';
import type { People } from '../platform/people';
import type { Store } from '../platform/store/store';
import type { Carriers } from './carriers';

export interface CourierParts {
  readonly store: CourierStore;
  readonly people: Pick<People, 'find'>;
  /** Who a candidate is at this instant: `team/web`, `on-call/shop`, `user/anna`. */
  readonly audience: (candidate: string, at: number) => Promise<readonly string[]>;
  readonly carriers: Carriers;
  /** Null: no mail is sent. `replyTo` null: votes by reply are not offered. */
  readonly mail: { readonly from: string; readonly replyTo: string | null } | null;
  /** The chat says who pressed a button. */
  readonly hasButtons: boolean;
  readonly publicUrl: string;
  readonly voteKey: Uint8Array;
  readonly logger: Logger;
  readonly now: () => number;
  /** Another than two seconds, in tests. */
  readonly everyMs?: number;
}

export type CourierStore = Pick<
  Store,
  'notices' | 'views' | 'journal' | 'blobs' | 'changes' | 'backups' | 'locks' | 'preferences' | 'definitions'
>;
