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

export type FailureCode = keyof typeof failures;

/** Null for codes of authors (`core.fail`) and of newer workers. */
export function failureSpec(code: string): FailureSpec | null {
  return isKnown(code) ? failures[code] : null;
}

function isKnown(code: string): code is FailureCode {
  return Object.hasOwn(failures, code);
}
