import { platformFailures } from './failures';
import type { PlatformFailureCode } from './failures';

/** By shape: an error of `node:fs` is not `instanceof Error` in every realm. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

export function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string') {
    return error.message;
  }
  return String(error);
}

/** An error that an operator can act on: what was found, and what to do. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly code: PlatformFailureCode;
  readonly hint: string;

  constructor(facts: {
    readonly code: PlatformFailureCode;
    readonly message: string;
    /** Absent: what the table of failures says. */
    readonly hint?: string;
    readonly cause?: unknown;
  }) {
    super(facts.message, facts.cause === undefined ? {} : { cause: facts.cause });
    this.code = facts.code;
    this.hint = facts.hint ?? platformFailures[facts.code].hint;
  }
}
