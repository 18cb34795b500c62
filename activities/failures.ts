import { runFailures } from '../workflows/domain/run-failures';
import { secretFailures } from '../platform/secrets';
import { coreFailures } from './core/failures';
import type { FailureSpec } from './failure-spec';
import { httpFailures } from './http/failures';
import { runtimeFailures } from './runtime/failures';
import { sshFailures } from './ssh/failures';

/** Every code that a step can fail with. A code stands in exactly one of the tables that are joined here. */
export const failures = {
  ...runFailures,
  ...runtimeFailures,
  ...secretFailures,
  ...coreFailures,
  ...httpFailures,
  ...sshFailures,
} as const satisfies Record<string, FailureSpec>;
