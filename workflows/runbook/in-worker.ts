import type { OperationPlan, Step } from './plan';

/** `assert` and `set` are decided for each host where the hosts' rows are. */
export function inWorker(kind: Extract<Step['kind'], 'assert' | 'set'>): OperationPlan {
  return {
    name: `core.${kind}`,
    effect: 'read',
    light: true,
    input: { literal: {} },
    timeoutMs: 30_000,
    capture: { format: 'text', from: 'stdout', limitBytes: 65_536 },
  };
}
