import type { Store } from '../platform/store/store';
import type { RunGateway } from './run-gateway';

export interface EngineDependencies {
  readonly store: Store;
  readonly gateway: RunGateway;
  /** Epoch ms. */
  now(): number;
}
