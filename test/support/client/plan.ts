import { createHash } from 'node:crypto';

import { hashPlan } from '../../../definitions/plan-hash';
import type { Plan, PlanHost } from '../../../workflows/runbook/plan';
import type { PlanBundle } from '../../../activities/plans/plan-bundle';

/** A small plan: one `core.echo` on the worker, and one set of two hosts. */
export function planBundle(message = 'hello'): PlanBundle {
  const shard = Buffer.from(JSON.stringify({ hosts: [host('web1'), host('web2')] }));
  const digest = createHash('sha256').update(shard).digest('hex');
  return { plan: plan(message, digest), blobs: { [digest]: new Uint8Array(shard) } };
}

function plan(message: string, shard: string): Plan {
  const unhashed: Plan = {
    format: 'mainstay/plan/1',
    planHash: '',
    program: {
      definition: { name: 'hello', version: '1.0.0', title: 'Say hello', owner: 'team/web', digest: 'd'.repeat(64) },
      inputs: { who: 'world' },
      vars: {},
      secrets: {},
      connections: {},
      onFailure: 'stop',
      locks: [],
      steps: [
        {
          kind: 'task',
          at: 'hello',
          id: 'hello',
          verb: 'uses',
          onFailure: 'stop',
          reads: { names: [], steps: [], hostSteps: [] },
          keep: [],
          operation: {
            name: 'core.echo',
            effect: 'read',
            light: true,
            input: { map: { message: { literal: message } } },
            timeoutMs: 1_000,
            capture: { format: 'text', from: 'stdout', limitBytes: 4_096 },
          },
          where: { on: 'worker' },
          retry: { attempts: 1, delayMs: 0, backoff: 1 },
        },
      ],
      finally: [],
      outputs: {},
    },
    targetSets: { web: { count: 2, shards: [shard] } },
  };
  return { ...unhashed, planHash: hashPlan(unhashed).planHash };
}

function host(name: string): PlanHost {
  return { name, address: '127.0.0.1', port: 22, user: 'ops', labels: {}, groups: [], vars: {}, steps: {} };
}
