import type { OperationContext } from '../../activities/connector';

/** What an operation of the worker is given, as far as most tests care. */
export function operationContext(more: Partial<OperationContext> = {}): OperationContext {
  return {
    identity: { installation: 'i', run: 'r', path: 'call', generation: 1, phase: 'do' },
    key: 'i/r/call@1/do',
    idempotencyKey: 'i/r/call@1/do',
    timeoutMs: 5000,
    signal: new AbortController().signal,
    output: { write: () => undefined },
    earlier: null,
    repeatable: true,
    dispatched: () => Promise.resolve(null),
    fences: {},
    blob: () => Promise.reject(new Error('no file')),
    ...more,
  };
}
