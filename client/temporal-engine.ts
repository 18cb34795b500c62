import type { Store } from '../platform/store/store';
import type { RecoveringEngine } from './run-engine';
import { createEngine } from './run-engine';
import type { TemporalPlace } from './temporal-engine/gateway';
import { createTemporalGateway } from './temporal-engine/gateway';

export interface TemporalEngineOptions extends TemporalPlace {
  readonly store: Store;
}

/** The engine with its runs on Temporal. */
export function createTemporalEngine(options: TemporalEngineOptions): RecoveringEngine {
  return createEngine({ store: options.store, gateway: createTemporalGateway(options), now: () => Date.now() });
}
