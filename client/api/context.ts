import type { People, Person } from '../../platform/people';
import type { Secret } from '../../platform/secret';
import type { SigningKey } from '../../platform/store/signing-key';
import type { Store } from '../../platform/store/store';
import type { Channel } from '../../workflows/domain/notice';
import type { BackupEngine } from '../backup-engine';
import type { ChangeEngine } from '../change-engine';
import type { VoteGrants } from '../channels/vote-grants';
import type { Engine } from '../engine';
import type { Checkpointer } from '../evidence/checkpointer';
import type { Identity } from '../identity/identity';
import type { Live } from '../live';
import type { Registry } from '../registry';

/** What routes work with. */
export interface ApiContext {
  readonly engine: Engine;
  readonly changes: ChangeEngine;
  readonly backups: BackupEngine;
  /** Reads that are not about one run's steering: journal, output, locks. */
  readonly store: Store;
  /** Who people are. */
  readonly identity: Identity;
  /** What happens, for all who listen. */
  readonly live: Live;
  readonly registry: Registry;
  readonly version: string;
  /** Signs exports. */
  readonly signingKey: SigningKey;
  readonly checkpointer: Pick<Checkpointer, 'make'>;
  /** By which ways people are told and vote, besides this API. */
  readonly channels?: readonly ChannelName[];
  /** By which channels somebody can be told as things are; absent: by none. */
  readonly reachable?: (person: Person) => readonly Channel[];
  /** Is a worker there to take work? */
  readonly workers: () => Promise<WorkerPresence>;
}

/** As the settings call them; `replies`: votes that are answers by mail. */
export const channelNames = ['mail', 'replies', 'chat', 'teams', 'matrix', 'ntfy', 'webhook'] as const;
type ChannelName = (typeof channelNames)[number];

/** What votes that come through other channels work with. */
export interface ChannelContext {
  readonly engine: Pick<Engine, 'answer'>;
  readonly store: Store;
  readonly people: Pick<People, 'find' | 'findByChat'>;
  readonly mayAnswer: VoteGrants;
  readonly voteKey: Uint8Array;
  readonly now: () => number;
  /** Null: nobody votes in the chat. `origin`: of the chat's own addresses, to which outcomes may be told. */
  readonly chat: { readonly secret: Secret; readonly origin: string } | null;
}

export interface WorkerPresence {
  readonly temporal: 'up' | 'down';
  readonly workers: number;
}
