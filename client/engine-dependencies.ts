import type { SelectedLabels } from '../platform/store/selected-labels';
import type { Store } from '../platform/store/store';
import type { RunGateway } from './run-gateway';

export interface EngineDependencies {
  readonly store: Store;
  readonly gateway: RunGateway;
  readonly labels: SelectedLabels;
  /** Epoch ms. */
  now(): number;
}
