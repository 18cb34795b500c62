import { RequestError } from '../api/errors';

/** Trouble on the way to Temporal is the engine's unavailability; anything else is passed on as it is. */
export function unavailableOr(error: unknown): unknown {
  return isServiceError(error)
    ? unavailable(textField(causeOf(error), 'details') ?? 'Temporal does not answer', error)
    : error;
}

export function nameOf(error: unknown): string {
  return textField(error, 'name') ?? '';
}

export function unavailable(state: string, cause: unknown): RequestError {
  return new RequestError('ENGINE_UNAVAILABLE', `Cannot reach the engine: ${state}`, { cause });
}

function isServiceError(error: unknown): boolean {
  return (
    nameOf(error) === 'ServiceError' ||
    numberField(error, 'code') !== undefined ||
    numberField(causeOf(error), 'code') !== undefined
  );
}

export function causeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}

export function textField(value: unknown, name: string): string | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'string' ? found : undefined;
}

export function numberField(value: unknown, name: string): number | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'number' ? found : undefined;
}
