import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ConnectorImplementation, OperationContext, OperationResult } from '../../../activities/connector';
import type { RuntimeDependencies } from '../../../activities/runtime/dependencies';
import { perform } from '../../../activities/runtime/perform';
import type { PerformAttempt } from '../../../activities/runtime/perform';
import { Plans } from '../../../activities/runtime/plans';
import { createSeal } from '../../../platform/seal';
import { Secret } from '../../../platform/secret';
import { SecretError } from '../../../platform/secrets';
import { digestOf } from '../../../platform/store/blobs';
import { openStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';
import type { HostRow } from '../../../workflows/domain/journal';
import type { JsonObject } from '../../../workflows/domain/json';
import type { OperationReply, OperationRequest } from '../../../workflows/domain/operation';
import type { OperationPlan, Plan, PlanHost, Program, Step, TaskStep } from '../../../workflows/runbook/plan';
import { z } from 'zod';
import { program } from '../../support/program';

export interface Fixture {
  readonly store: Store;
  readonly deps: RuntimeDependencies;
  /** Every call that reached the connector, in order. */
  readonly calls: Call[];
  /** What the target does; answers success unless a test says otherwise. */
  behave(behaviour: Behaviour): void;
  planned(steps: readonly Step[], hosts: readonly PlanHost[], more?: Partial<Program>): Promise<string>;
  run(
    request: OperationRequest,
    attempt?: Partial<Pick<PerformAttempt, 'number' | 'signal' | 'carried'>>,
  ): Promise<OperationReply>;
  rows(runId?: string): Promise<readonly HostRow[]>;
  close(): Promise<void>;
}

export interface Call {
  readonly input: JsonObject;
  readonly context: OperationContext;
}

export type Behaviour = (call: Call, count: number) => Promise<Partial<OperationResult>> | Partial<OperationResult>;

export const runId = 'r000000000001';
export const knownSecret = 'S3cr3t-value!';

export async function openFixture(): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-runtime-'));
  const store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  const calls: Call[] = [];
  let behaviour: Behaviour = () => ({});
  const connector = fakeConnector(calls, (call, count) => behaviour(call, count));
  const deps: RuntimeDependencies = {
    store,
    plans: new Plans(store),
    seal: createSeal(Buffer.alloc(32, 7)),
    secrets: {
      resolve(reference) {
        if (reference === 'env:KNOWN') return Promise.resolve(new Secret(knownSecret));
        return Promise.reject(
          new SecretError('SECRET_MISSING', `Cannot find the secret "${reference}": nothing there`),
        );
      },
    },
    catalogue: {
      fake: {
        name: 'fake',
        title: 'A target that does as the test says',
        operations: {
          host: operation('host'),
          worker: operation('worker'),
        },
      },
    },
    connectors: { fake: connector },
  };
  return {
    store,
    deps,
    calls,
    behave(next) {
      behaviour = next;
    },
    planned: (steps, hosts, more) => storePlan(store, program(steps, more), hosts),
    run: (request, attempt) =>
      perform(deps, request, {
        signal: attempt?.signal ?? new AbortController().signal,
        number: attempt?.number ?? 1,
        carried: attempt?.carried ?? [],
        report: () => undefined,
      }),
    rows: (id) => store.views.hosts(id ?? runId),
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function operation(on: 'host' | 'worker') {
  return {
    title: 'Does it',
    on,
    input: z.unknown(),
    output: z.unknown(),
    effect: 'journaled',
    light: false,
    timeoutMs: 1000,
  } as const;
}

function fakeConnector(calls: Call[], behave: Behaviour): ConnectorImplementation {
  const implementation = {
    async perform(input: JsonObject, context: OperationContext): Promise<OperationResult> {
      const call = { input, context };
      calls.push(call);
      const given = await behave(call, calls.length);
      return { status: 'succeeded', result: { exitCode: 0 }, changed: true, startedAt: 1000, endedAt: 1250, ...given };
    },
    cancel: (_input: JsonObject, context: OperationContext) =>
      Promise.resolve(context.earlier === null ? ('pending' as const) : ('cancelled' as const)),
  };
  return {
    operations: {
      host: implementation,
      worker: { perform: (input, context) => implementation.perform(input, context) },
    },
    close: () => Promise.resolve(),
  };
}

export async function storePlan(store: Store, whole: Program, hosts: readonly PlanHost[]): Promise<string> {
  const shards: Buffer[] = [];
  for (let at = 0; at < hosts.length; at += 100) {
    shards.push(Buffer.from(JSON.stringify({ hosts: hosts.slice(at, at + 100) })));
  }
  const targetSets = { all: { count: hosts.length, shards: shards.map(digestOf) } };
  const plan: Plan = { format: 'mainstay/plan/1', planHash: 'hash', program: whole, targetSets };
  const digests = await Promise.all(
    [...shards, Buffer.from(JSON.stringify(plan))].map((bytes) => store.blobs.putTemporary(bytes)),
  );
  return digests.at(-1) ?? '';
}

export function host(name: string, more: Partial<PlanHost> = {}): PlanHost {
  return { name, address: '127.0.0.1', port: 22, user: 'ops', labels: {}, groups: [], vars: {}, steps: {}, ...more };
}

export function hosts(count: number): readonly PlanHost[] {
  return Array.from({ length: count }, (_, index) => host(`web${index + 1}`));
}

export function task(
  id: string,
  more: Partial<Omit<TaskStep, 'operation'>> & { readonly operation?: Partial<OperationPlan> } = {},
): TaskStep {
  const { operation: changed, ...rest } = more;
  return {
    kind: 'task',
    at: id,
    id,
    verb: 'exec',
    onFailure: 'stop',
    reads: { names: [], steps: [], hostSteps: [] },
    keep: [],
    where: { on: 'body' },
    retry: { attempts: 1, delayMs: 0, backoff: 1 },
    operation: {
      name: 'fake.host',
      effect: 'journaled',
      light: false,
      input: { literal: {} },
      timeoutMs: 1000,
      capture: { format: 'text', from: 'stdout', limitBytes: 4096 },
      ...changed,
    },
    ...rest,
  };
}

export function request(planDigest: string, at: string, more: Partial<OperationRequest> = {}): OperationRequest {
  return {
    operation: 'fake.host',
    installation: 'inst',
    runId,
    planDigest,
    at,
    path: `roll/host:*/${at}`,
    phase: 'do',
    generation: 1,
    parallel: 10,
    stopAfterFailures: null,
    scope: {},
    ...more,
  };
}

export function onHosts(count: number): Pick<OperationRequest, 'hosts'> {
  return { hosts: { set: 'all', indices: Array.from({ length: count }, (_, index) => index) } };
}
