import type { Catalogue } from './connector';
import { coreManifest } from './core/index';
import { httpManifest } from './http/index';
import { sshManifest } from './ssh/index';

/** What runbooks can use. Manifests only: no client code comes with it. */
export const catalogue: Catalogue = {
  core: coreManifest,
  http: httpManifest,
  ssh: sshManifest,
};
