import type { SigningKey } from '../../platform/store/signing-key';
import type { Store } from '../../platform/store/store';
import type { Engine } from '../engine';
import type { Registry } from '../registry';

/** What routes work with. */
export interface ApiContext {
  readonly engine: Engine;
  /** Reads that are not about one run's steering: journal, output, locks. */
  readonly store: Store;
  readonly registry: Registry;
  readonly version: string;
  /** Signs exports. */
  readonly signingKey: SigningKey;
  /** Is a worker there to take work? */
  readonly workers: () => Promise<WorkerPresence>;
}

export interface WorkerPresence {
  readonly temporal: 'up' | 'down';
  readonly workers: number;
}
