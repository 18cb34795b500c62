import type { Client } from '@temporalio/client';

import type { Store } from '../platform/store/store';

export interface EngineDependencies {
  readonly store: Store;
  readonly client: Client;
  readonly taskQueue: string;
  /** Epoch ms. */
  now(): number;
  /** How long a message waits for a worker before the engine counts as unavailable. */
  readonly answerTimeoutMs: number;
}
