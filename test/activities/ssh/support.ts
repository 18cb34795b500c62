import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { JsonObject } from '../../../workflows/domain/json';
import { effectKey } from '../../../workflows/domain/effect-path';
import type { EffectIdentity } from '../../../workflows/domain/effect-path';
import type {
  ConnectorImplementation,
  OperationContext,
  OperationResult,
  TargetHost,
} from '../../../activities/connector';
import { createSsh } from '../../../activities/ssh/operations';
import type { SshDependencies } from '../../../activities/ssh/operations';
import type { Fleet, FleetHost } from '../../support/fleet/fleet';
import { kill } from '../../support/fleet/processes';

type Ids = { readonly rootId: string; readonly bootId: string };

/** What the activity runtime is to the connector: the journal of dispatches and the output store, in memory. */
export class Bench {
  readonly dispatches = new Map<string, Ids>();
  readonly outputs = new Map<string, Buffer>();
  private readonly connectors: ConnectorImplementation[] = [];

  constructor(private readonly fleet: Fleet) {}

  /** Each one is a worker of its own: nothing is shared but the journal. */
  worker(dependencies: Partial<SshDependencies> = {}): ConnectorImplementation {
    const login = {
      homeDirectory: this.fleet.directory,
      agentSocket: undefined,
      acceptedKeysFile: join(this.fleet.directory, 'accepted'),
    };
    const connector = createSsh({ login, followAfterMs: 300, connectWithinMs: 3_000, ...dependencies });
    this.connectors.push(connector);
    return connector;
  }

  context(host: FleetHost, options: ContextOptions = {}): OperationContext {
    const identity: EffectIdentity = {
      installation: 'inst',
      run: 'run1',
      path: options.path ?? 'step',
      generation: options.generation ?? 1,
      phase: options.phase ?? 'do',
    };
    const key = `${effectKey(identity)}#${host.name}`;
    return {
      identity,
      key,
      host: { ...(options.keyless === true ? keyless(host) : targetHost(host)), ...options.host },
      connection: {
        name: 'fleet',
        type: 'ssh',
        settings: { ...(options.withoutKey === true ? {} : { key: this.fleet.keyFile }), ...options.settings },
      },
      timeoutMs: options.timeoutMs ?? 20_000,
      signal: options.signal ?? new AbortController().signal,
      output: { write: (stream, offset, bytes) => this.write(`${key}/${stream}`, offset, bytes) },
      earlier: this.dispatches.get(key) ?? null,
      repeatable: options.repeatable ?? false,
      dispatched: async (ids) => {
        const earlier = this.dispatches.get(key) ?? null;
        if (earlier === null) this.dispatches.set(key, ids);
        return earlier;
      },
      fences: options.fences ?? {},
      idempotencyKey: key,
      blob: async () => Buffer.from('from a blob'),
    };
  }

  /** What the output store holds of a job. */
  stored(context: OperationContext, stream: 'stdout' | 'stderr'): Buffer {
    return this.outputs.get(`${context.key}/${stream}`) ?? Buffer.alloc(0);
  }

  async close(): Promise<void> {
    await Promise.all(this.connectors.map((connector) => connector.close()));
  }

  private write(name: string, offset: number, bytes: Uint8Array): void {
    const known = this.outputs.get(name) ?? Buffer.alloc(0);
    this.outputs.set(name, Buffer.concat([known.subarray(0, offset), bytes]));
  }
}

export interface ContextOptions {
  readonly path?: string;
  readonly generation?: number;
  readonly phase?: 'do' | 'undo';
  readonly host?: Partial<TargetHost>;
  readonly settings?: JsonObject;
  /** The connection names no private key. */
  readonly withoutKey?: boolean;
  readonly timeoutMs?: number;
  /** The inventory says nothing about the host key. */
  readonly keyless?: boolean;
  readonly signal?: AbortSignal;
  readonly repeatable?: boolean;
  readonly fences?: { readonly [lock: string]: number };
}

export function targetHost(host: FleetHost): TargetHost {
  const { name, address, port, user, hostKey } = host;
  return { name, address, port, user, hostKey, jobDirVolatile: false, become: { method: 'sudo' } };
}

function keyless(host: FleetHost): TargetHost {
  const { name, address, port, user } = host;
  return { name, address, port, user, jobDirVolatile: false, become: { method: 'sudo' } };
}

export async function perform(
  connector: ConnectorImplementation,
  name: string,
  call: { readonly input: JsonObject; readonly context: OperationContext },
): Promise<OperationResult> {
  const operation = connector.operations[name];
  if (operation === undefined) throw new Error(`Cannot perform "${name}": no such operation`);
  return operation.perform(call.input, call.context);
}

export function hostAt(fleet: Fleet, index: number): FleetHost {
  const host = fleet.hosts[index];
  if (host === undefined) throw new Error(`Cannot use host ${index}: the fleet is smaller`);
  return host;
}

/** Waits for a fact outside this process. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) throw new Error('Cannot go on: what was waited for did not come');
    await sleep(10);
  }
}

/** What the kernel does when memory is short, or an operator in a hurry: supervisor and command are gone at once. */
export async function killJobs(jobsDirectory: string): Promise<void> {
  for (const job of await readdir(jobsDirectory)) {
    const names: readonly string[] = await readdir(join(jobsDirectory, job)).catch(() => []);
    if (!names.includes('start')) continue;
    const pid = await pidOf(join(jobsDirectory, job, 'start'));
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const parent = Number(stat.split(') ')[1]?.split(' ')[1]);
    if (parent > 1) kill(parent, 'SIGKILL');
    if (pid > 0) kill(-pid, 'SIGKILL');
  }
}

/** The command runs a moment before the third line tells its pid. Zero: the job has ended. */
async function pidOf(start: string): Promise<number> {
  let pid = 0;
  await eventually(async () => {
    const text = await readFile(start, 'utf8').catch(() => null);
    pid = Number(text?.split('\n')[2]?.split(' ')[0] ?? 0);
    return text === null || pid > 0;
  });
  return pid;
}

/** Every look at it is ten seconds later. */
export function fastClock(): () => number {
  let now = Date.now();
  return () => (now += 10_000);
}
