import type { Catalogue } from './connector';
import { secretFailures } from '../platform/secrets';
import { coreManifest } from './core/index';
import type { FailureSpec } from './failure-spec';
import { httpFailures } from './http/failures';
import { httpManifest } from './http/index';
import { prometheusFailures } from './prometheus/failures';
import { prometheusManifest } from './prometheus/index';
import { runtimeFailures } from './runtime/failures';
import { sshFailures } from './ssh/failures';
import { sshManifest } from './ssh/index';

/** What runbooks can use. Manifests only: no client code comes with it. */
export const catalogue: Catalogue = {
  // `core.fail` fails with whatever it is asked to.
  core: coreManifest,
  http: { ...httpManifest, failures: codesWith(httpFailures) },
  prometheus: { ...prometheusManifest, failures: codesWith(prometheusFailures) },
  ssh: { ...sshManifest, failures: codesWith(sshFailures) },
};

function codesWith(own: Readonly<Record<string, FailureSpec>>): readonly string[] {
  return Object.keys({ ...own, ...runtimeFailures, ...secretFailures });
}
