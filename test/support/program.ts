import type { Program, Step } from '../../workflows/runbook/plan';

/** A program of these steps and nothing else. */
export function program(steps: readonly Step[], more: Partial<Program> = {}): Program {
  return {
    definition: { name: 'test', version: '1.0.0', title: 'Test', owner: 'team/web', digest: 'd' },
    inputs: {},
    vars: {},
    secrets: {},
    connections: {},
    onFailure: 'stop',
    locks: [],
    steps,
    finally: [],
    outputs: {},
    ...more,
  };
}
