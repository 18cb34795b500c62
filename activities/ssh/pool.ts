import { setTimeout as sleep } from 'node:timers/promises';

import type { Client } from 'ssh2';

import { openClient } from './login';
import { TryAgain } from './connect-error';
import { Connection } from './connection';
import { SshFailure } from './failures';
import { Semaphore } from '../../platform/semaphore';
import type { LoginDefaults, SshTarget } from './target';

export interface PoolSettings {
  readonly defaults: LoginDefaults;
  /** Handshakes at the same time: they cost processor time on both sides. */
  readonly handshakes: number;
  /** More than these are kept only while they are in use. */
  readonly maxConnections: number;
  readonly idleMs: number;
  readonly now: () => number;
  /** Spreads retries against a server that drops connections under load (MaxStartups). */
  readonly random: () => number;
  /** Last use of a connection before it is closed; best effort. */
  readonly onIdle: (connection: Connection) => Promise<void>;
}

/** A host that is asked for more than this at once gets no further connection; the rest waits for a channel. */
const connectionsPerTarget = 4;
const waitersPerConnect = 5;

interface Waiter {
  resolve(connection: Connection): void;
  reject(error: unknown): void;
}

interface Lane {
  readonly target: SshTarget;
  readonly connections: Set<Connection>;
  readonly waiters: Set<Waiter>;
  connecting: number;
  /** Why the last login failed; `no answer` while the first one is on its way. */
  trouble: string;
}

/**
 * Connections by target, shared and bounded.
 *
 * - P1 A waiter is served by the first free channel of its lane; a connection is opened only when channels are short.
 * - P2 A waiter is unreachable when its time is over and its lane has no connection; where there is one, it waits for a channel.
 *   A login that cannot help by being tried again (key, host key) fails all waiters of a lane without connections.
 * - P3 A connection through a jump host keeps a channel-less hold on the jump connection: it is busy while others ride on it.
 */
export class ConnectionPool {
  private readonly lanes = new Map<string, Lane>();
  private readonly handshakes: Semaphore;
  private closing = false;

  constructor(private readonly settings: PoolSettings) {
    this.handshakes = new Semaphore(settings.handshakes);
  }

  /** A connection with one channel reserved; give it back with `release`. */
  async acquire(target: SshTarget, withinMs: number, signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    if (this.closing) throw new Error('Cannot connect: the pool is closing');
    const lane = this.laneOf(target);
    const free = takeFree(lane);
    if (free !== undefined) return free;
    return this.wait(lane, withinMs, signal);
  }

  release(target: SshTarget, connection: Connection): void {
    connection.release(this.settings.now());
    const lane = this.laneOf(target);
    this.serve(lane);
    if (connection.idle) this.scheduleIdle(lane, connection);
  }

  async close(): Promise<void> {
    this.closing = true;
    const connections = [...this.lanes.values()].flatMap((lane) => [...lane.connections]);
    for (const lane of this.lanes.values())
      for (const waiter of lane.waiters) waiter.reject(new Error('Cannot connect: the pool is closing'));
    for (const connection of connections) connection.end();
    await Promise.all(
      connections.map((connection) =>
        Promise.race([connection.closed, sleep(500, undefined, { ref: false }).then(() => connection.destroy())]),
      ),
    );
  }

  private laneOf(target: SshTarget): Lane {
    const known = this.lanes.get(target.id);
    if (known !== undefined) return known;
    const lane: Lane = { target, connections: new Set(), waiters: new Set(), connecting: 0, trouble: 'no answer' };
    this.lanes.set(target.id, lane);
    return lane;
  }

  private wait(lane: Lane, withinMs: number, signal: AbortSignal): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        lane.waiters.delete(waiter);
        signal.removeEventListener('abort', abort);
        clearTimeout(timer);
      };
      const waiter: Waiter = {
        resolve: (connection) => {
          settle();
          resolve(connection);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const abort = (): void => waiter.reject(signal.reason);
      const timer = setTimeout(() => lane.connections.size === 0 && waiter.reject(unreachable(lane)), withinMs);
      signal.addEventListener('abort', abort, { once: true });
      lane.waiters.add(waiter);
      this.serve(lane);
    });
  }

  /** P1 */
  private serve(lane: Lane): void {
    for (const waiter of lane.waiters) {
      const free = takeFree(lane);
      if (free === undefined) break;
      waiter.resolve(free);
    }
    const open = lane.connections.size + lane.connecting;
    if (lane.waiters.size > lane.connecting * waitersPerConnect && open < connectionsPerTarget) void this.open(lane);
  }

  private async open(lane: Lane): Promise<void> {
    lane.connecting += 1;
    try {
      const connection = await this.connectPatiently(lane);
      if (connection !== null) this.admit(lane, connection);
    } catch (error) {
      if (lane.connections.size === 0) for (const waiter of lane.waiters) waiter.reject(error);
    } finally {
      lane.connecting -= 1;
      this.serve(lane);
    }
  }

  private admit(lane: Lane, connection: Connection): void {
    lane.connections.add(connection);
    connection.lastUsedAt = this.settings.now();
    void connection.closed.then(() => {
      // Else the check would hold it in memory long after its end.
      connection.cancelIdleCheck();
      lane.connections.delete(connection);
      this.serve(lane);
      if (lane.connections.size + lane.waiters.size + lane.connecting === 0) this.lanes.delete(lane.target.id);
    });
    if (this.closing) connection.end();
    else this.evict();
    this.scheduleIdle(lane, connection);
  }

  /** P2: tries until the last waiter's time is over. Null: nobody waits any more. */
  private async connectPatiently(lane: Lane): Promise<Connection | null> {
    for (let attempt = 0; lane.waiters.size > 0 && !this.closing; attempt += 1) {
      try {
        return await this.connectOnce(lane.target);
      } catch (error) {
        if (!(error instanceof TryAgain)) throw error;
        lane.trouble = error.message;
        if (lane.connections.size > 0) return null;
        if (lane.waiters.size > 0) await sleep(this.pauseMs(attempt), undefined, { ref: false });
      }
    }
    return null;
  }

  private pauseMs(attempt: number): number {
    return Math.min(2_000, 100 * 2 ** Math.min(attempt, 5)) * (0.5 + this.settings.random());
  }

  private async connectOnce(target: SshTarget): Promise<Connection> {
    const jump = target.jump === undefined ? undefined : await this.acquireJump(target.jump);
    try {
      const client = await this.handshakes.run(() => openClient(target, this.settings.defaults, jump?.client));
      const connection = new Connection(client);
      if (jump !== undefined) void connection.closed.then(() => jump.done());
      return connection;
    } catch (error) {
      jump?.done();
      throw error;
    }
  }

  /** P3: forwarded channels are no sessions, so any number may ride; only the idle closing must be kept away. */
  private async acquireJump(target: SshTarget): Promise<{ readonly client: Client; done(): void }> {
    const connection = await this.acquire(target, 10_000, new AbortController().signal);
    connection.ride();
    this.release(target, connection);
    const done = (): void => {
      connection.alight(this.settings.now());
      this.scheduleIdle(this.laneOf(target), connection);
    };
    return { client: connection.client, done };
  }

  private scheduleIdle(lane: Lane, connection: Connection): void {
    const check = (): void => {
      if (!connection.alive || !connection.idle) return;
      if (this.settings.now() - connection.lastUsedAt < this.settings.idleMs) {
        this.scheduleIdle(lane, connection);
        return;
      }
      lane.connections.delete(connection);
      void this.retire(connection);
    };
    connection.checkIdleAfter(this.settings.idleMs, check);
  }

  private async retire(connection: Connection): Promise<void> {
    try {
      await this.settings.onIdle(connection);
    } finally {
      connection.end();
    }
  }

  /** Over the limit the connections that were idle longest go. */
  private evict(): void {
    const all = [...this.lanes.values()].flatMap((lane) =>
      [...lane.connections].map((connection) => ({ lane, connection })),
    );
    const idle = all
      .filter(({ connection }) => connection.idle)
      .toSorted((a, b) => a.connection.lastUsedAt - b.connection.lastUsedAt);
    for (const { lane, connection } of idle.slice(0, Math.max(0, all.length - this.settings.maxConnections))) {
      lane.connections.delete(connection);
      connection.end();
    }
  }
}

function takeFree(lane: Lane): Connection | undefined {
  for (const connection of lane.connections) if (connection.take()) return connection;
  return undefined;
}

function unreachable(lane: Lane): SshFailure {
  const { address, port, user } = lane.target;
  return new SshFailure('SSH_UNREACHABLE', `Cannot connect to "${address}" port ${port} as "${user}": ${lane.trouble}`);
}
