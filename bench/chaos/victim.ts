import { setTimeout as sleep } from 'node:timers/promises';

import { dataPaths } from '../../platform/data-directory';
import type { Endpoint } from '../../platform/endpoint';
import { readEndpoint } from '../../platform/endpoint';
import { startUp } from '../../test/support/up-process';
import type { UpPlace, UpProcess } from '../../test/support/up-process';

/** What is killed: one child of the engine, or supervisor and children alike. */
export type KillKind = 'worker' | 'api' | 'server' | 'everything';

/** An engine under fire: what dies alone is started again by its supervisor, what dies whole by us, on the same data directory. */
export class Victim {
  private constructor(
    private readonly place: UpPlace,
    private up: UpProcess,
  ) {}

  static async start(dataDirectory: string): Promise<Victim> {
    const place: UpPlace = { folder: dataDirectory, data: dataDirectory, settings: {} };
    return new Victim(place, await startUp(place));
  }

  get dataDirectory(): string {
    return this.place.data;
  }

  /** Answers the instant of the kill, or null when there was nothing to kill: it is between two lives. */
  async kill(kind: KillKind): Promise<number | null> {
    const endpoint = await readEndpoint(dataPaths(this.place.data));
    if (endpoint === null) return null;
    const pids = pidsOf(endpoint, kind);
    const atMs = Date.now();
    if (pids === null || !pids.map(killProcess).every((done) => done)) return null;
    if (kind === 'everything') this.up = await startUp(this.place);
    return atMs;
  }

  /** Settles as soon as the API answers, whatever it says. */
  async answers(): Promise<void> {
    for (;;) {
      try {
        const response = await fetch(`${this.up.info.url}/healthz`, { signal: AbortSignal.timeout(1_000) });
        await response.body?.cancel();
        return;
      } catch {
        await sleep(20);
      }
    }
  }

  async stop(): Promise<void> {
    await this.up.stop('SIGTERM');
  }
}

/** The supervisor first: it must not bring back what dies with it. */
function pidsOf(endpoint: Endpoint, kind: KillKind): readonly number[] | null {
  const children = kind === 'everything' ? Object.values(endpoint.children) : [endpoint.children[kind]];
  const pids = children.flatMap((child) => (child?.pid === undefined || child.pid === null ? [] : [child.pid]));
  if (pids.length < children.length) return null;
  return kind === 'everything' ? [endpoint.pid, ...pids] : pids;
}

/** False when it had gone by itself in between. */
function killProcess(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
