import type { EffectClass } from '../../workflows/domain/effect-class';
import type { ConnectorManifest } from '../connector';
import { HttpConnection, RequestInput, RequestOutput } from './schema';

export const httpManifest: ConnectorManifest = {
  name: 'http',
  title: 'Requests to HTTP services',
  connection: HttpConnection,
  secrets: ['auth.bearer', 'auth.password'],
  operations: {
    request: {
      title: 'Sends one request',
      on: 'worker',
      input: RequestInput,
      output: RequestOutput,
      effect: effectOfMethod,
      light: false,
      timeoutMs: 30_000,
      formats: { url: 'uri' },
    },
  },
};

/** A service that honours the Idempotency-Key header makes POST and PATCH `keyed`: the step says so with `effect: keyed`. */
function effectOfMethod(input: unknown): EffectClass {
  switch (methodOf(input)) {
    case 'GET':
    case 'HEAD':
    case 'OPTIONS':
      return 'read';
    case 'PUT':
    case 'DELETE':
      return 'idempotent';
    case 'POST':
    case 'PATCH':
    case null:
      return 'unsafe';
  }
}

/** Null: the method is decided while the run goes on. */
function methodOf(input: unknown): RequestInput['method'] | null {
  if (typeof input !== 'object' || input === null) return null;
  if (!('method' in input)) return 'GET';
  const parsed = RequestInput.shape.method.safeParse(input.method);
  return parsed.success ? parsed.data : null;
}
