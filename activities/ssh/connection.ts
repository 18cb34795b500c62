import type { Client, ClientChannel } from 'ssh2';

import type { HostIdentity, LauncherCall } from './launcher';
import { MarkSplitter, parseTrailer } from './trailer';
import type { Trailer } from './trailer';

/** Half of OpenSSH's default MaxSessions: slots are freed late on the server, and operators need some too. */
const channelsPerConnection = 5;

/** One authenticated connection, with the number of its channels in use. */
export class Connection {
  private busy = 0;
  private riders = 0;
  private cap = channelsPerConnection;
  private dead = false;
  lastUsedAt = 0;
  /** A check for idleness is on its way. */
  idleCheck = false;
  /** What is known about a user's job root on this host; a reboot ends the connection, so it cannot grow old. */
  readonly identities = new Map<string, Promise<HostIdentity | null>>();
  readonly closed: Promise<void>;

  constructor(readonly client: Client) {
    this.closed = new Promise((resolve) => {
      client.on('close', () => {
        this.dead = true;
        resolve();
      });
    });
  }

  get alive(): boolean {
    return !this.dead;
  }

  get idle(): boolean {
    return this.busy === 0 && this.riders === 0;
  }

  take(): boolean {
    if (this.dead || this.busy >= this.cap) return false;
    this.busy += 1;
    return true;
  }

  release(now: number): void {
    this.busy -= 1;
    this.lastUsedAt = now;
  }

  /** Another connection goes through this one. */
  ride(): void {
    this.riders += 1;
  }

  alight(now: number): void {
    this.riders -= 1;
    this.lastUsedAt = now;
  }

  /** The server refused one more channel: it allows fewer than we thought. */
  refuseMore(): void {
    this.cap = Math.max(1, Math.min(this.cap, this.busy) - 1);
  }

  end(): void {
    this.dead = true;
    this.client.end();
  }

  destroy(): void {
    this.dead = true;
    this.client.destroy();
  }
}

export interface Streams {
  onStdout(bytes: Buffer): void;
  onStderr(bytes: Buffer): void;
}

export type CallResult =
  /** The launcher answered. */
  | { readonly kind: 'answered'; readonly trailer: Trailer; readonly file: Buffer | null }
  /** The channel ended by itself before the launcher began: a login shell or sudo refused. Nothing was started. */
  | { readonly kind: 'refused'; readonly complaint: string }
  /** No channel: nothing was sent. */
  | { readonly kind: 'unsent'; readonly full: boolean }
  /** Sent, and no answer. */
  | { readonly kind: 'lost' }
  /** We stopped watching. */
  | { readonly kind: 'left' };

export interface CallOptions {
  readonly command: string;
  readonly stdinPrefix: string;
  readonly streams: Streams;
  readonly signal: AbortSignal;
  /** Leave after so long without an answer. */
  readonly leaveAfterMs: number;
}

/** Sends one request to the launcher. Never throws: what happened is the result. */
export async function runCall(connection: Connection, call: LauncherCall, options: CallOptions): Promise<CallResult> {
  if (!connection.alive) return { kind: 'unsent', full: false };
  const opened = await openChannel(connection.client, options.command);
  if (!('channel' in opened)) {
    if (opened.full) connection.refuseMore();
    return { kind: 'unsent', full: opened.full };
  }
  return converse(opened.channel, call, options);
}

type Opened = { readonly channel: ClientChannel } | { readonly full: boolean };

/** Until stdin has been sent nothing runs, so every failure here means that nothing was started. */
function openChannel(client: Client, command: string): Promise<Opened> {
  return new Promise((resolve) => {
    try {
      client.exec(command, (error, channel) => {
        if (error === undefined) resolve({ channel });
        else resolve({ full: 'reason' in error && error.reason !== undefined });
      });
    } catch {
      // ssh2 throws 'Not connected' when the connection ended a moment ago.
      resolve({ full: false });
    }
  });
}

function converse(channel: ClientChannel, call: LauncherCall, options: CallOptions): Promise<CallResult> {
  const { streams, signal } = options;
  const stdout = new MarkSplitter(call.nonce, (bytes) => streams.onStdout(bytes));
  const stderr = new MarkSplitter(call.nonce, (bytes) => streams.onStderr(bytes));
  return new Promise((resolve) => {
    let exited = false;
    let left = false;
    const leave = (): void => {
      left = true;
      channel.close();
      finish({ kind: 'left' });
    };
    const timer = setTimeout(leave, options.leaveAfterMs);
    const finish = (result: CallResult): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      resolve(result);
    };
    signal.addEventListener('abort', leave, { once: true });
    channel.on('data', (bytes: Buffer) => !left && stdout.push(bytes));
    channel.stderr.on('data', (bytes: Buffer) => !left && stderr.push(bytes));
    channel.on('exit', () => (exited = true));
    channel.on('error', () => undefined);
    channel.on('close', () => finish(resultOf(stdout, stderr, exited)));
    channel.end(options.stdinPrefix + call.stdin);
    if (signal.aborted) leave();
  });
}

function resultOf(stdout: MarkSplitter, stderr: MarkSplitter, exited: boolean): CallResult {
  const answer = stderr.end();
  if (answer !== null) {
    stdout.flush();
    const file = stdout.end();
    return { kind: 'answered', trailer: parseTrailer(answer.mark), file: file?.mark === 'file' ? file.rest : null };
  }
  if (exited && !stderr.hasBegun)
    return {
      kind: 'refused',
      complaint: [stderr.complaint, stdout.complaint].filter((text) => text !== '').join('; '),
    };
  return { kind: 'lost' };
}
