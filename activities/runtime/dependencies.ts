import type { Seal } from '../../platform/seal';
import type { Secrets } from '../../platform/secrets';
import type { Store } from '../../platform/store/store';
import type { Catalogue, ConnectorImplementation } from '../connector';
import type { Plans } from './plans';

/** What the activities are made of. One object for each worker process. */
export interface RuntimeDependencies {
  readonly store: Store;
  readonly plans: Plans;
  readonly secrets: Secrets;
  readonly seal: Seal;
  readonly catalogue: Catalogue;
  readonly connectors: { readonly [name: string]: ConnectorImplementation };
}
