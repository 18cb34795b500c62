import { isRequestError, requestErrors } from '../api/errors';
import { isApiRefusal } from '../typed/refusal';

/** The command line itself is wrong: exit code 2. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/** A command that did its work and has nothing more to say, but whose answer is no: exit code 1. */
export class Unsuccessful extends Error {
  override readonly name = 'Unsuccessful';
}

export interface ExplainedFailure {
  readonly exitCode: 1 | 2;
  readonly code: string | null;
  readonly message: string;
  readonly hint: string | null;
  readonly lines: readonly string[];
}

/** What a person is told about an error; null: nothing. */
export function explain(error: unknown): ExplainedFailure | null {
  const name = textOf(error, 'name');
  const message = textOf(error, 'message') ?? String(error);
  if (name === 'Unsuccessful') return null;
  if (name === 'Misuse') return { exitCode: 2, code: null, message, hint: null, lines: [] };
  const code = textOf(error, 'code') ?? null;
  const hint = isRequestError(error) ? requestErrors[error.code].hint : (textOf(error, 'hint') ?? null);
  return { exitCode: 1, code, message, hint, lines: isApiRefusal(error) ? error.lines : [] };
}

function textOf(value: unknown, field: string): string | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
  return typeof found === 'string' ? found : undefined;
}
