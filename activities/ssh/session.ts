import type { OperationContext, TargetHost } from '../connector';
import { become, becomesOther } from './become';
import type { Connection } from './connection';
import { SshFailure } from './failures';
import { launcherCall, readIdentity, readJobState } from './launcher';
import type { HostIdentity, JobState, LauncherRequest } from './launcher';
import type { CallResult, Line, OpenedLine, Streams } from './line';
import type { ConnectionPool } from './pool';
import { targetOf } from './target';
import type { SshTarget } from './target';

export interface SessionSettings {
  readonly pool: ConnectionPool;
  readonly bootIdPath: string;
  readonly launcherShell: string;
}

/** Answer to one request, with the job's state read from it. */
export type Answer =
  | { readonly kind: 'state'; readonly state: JobState; readonly file: Buffer | null }
  | Exclude<CallResult, { readonly kind: 'answered' }>;

export interface Exchange {
  readonly streams: Streams;
  readonly leaveAfterMs: number;
}

const silent: Streams = { onStdout: () => undefined, onStderr: () => undefined };
/** A host that has accepted the login and does not answer a trivial request. */
const identifyMs = 20_000;

/** One host as one user, for the length of one operation. */
export class HostSession {
  readonly target: SshTarget;
  /** Serves all requests while the connection is held. */
  private line: Line | null = null;

  constructor(
    private readonly settings: SessionSettings,
    readonly host: TargetHost,
    private readonly context: Pick<OperationContext, 'connection' | 'signal'>,
  ) {
    this.target = targetOf(host, context.connection);
  }

  /** Holds a channel for the body. Throws an `SshFailure` when there is no connection within the time. */
  async withConnection<T>(withinMs: number, body: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.settings.pool.acquire(this.target, withinMs, this.context.signal);
    try {
      return await body(connection);
    } finally {
      this.giveBack(connection);
      this.settings.pool.release(this.target, connection);
    }
  }

  async send(connection: Connection, request: LauncherRequest, exchange: Exchange): Promise<Answer> {
    const result = await this.call(connection, request, exchange);
    if (result.kind !== 'answered') return result;
    const state = readJobState(result.trailer);
    return state === null ? { kind: 'lost' } : { kind: 'state', state, file: result.file };
  }

  /** Asked once for each connection, user and job root. Null: the connection broke before the answer. */
  identify(connection: Connection): Promise<HostIdentity | null> {
    const key = `${this.host.as ?? ''}\n${this.host.jobDir ?? ''}`;
    const known = connection.identities.get(key);
    if (known !== undefined) return known;
    const asked = this.askIdentity(connection);
    connection.identities.set(key, asked);
    // Only good answers are kept.
    asked.then(
      (identity) => identity === null && connection.identities.delete(key),
      () => connection.identities.delete(key),
    );
    return asked;
  }

  forgetIdentity(connection: Connection): void {
    connection.identities.delete(`${this.host.as ?? ''}\n${this.host.jobDir ?? ''}`);
  }

  private async askIdentity(connection: Connection): Promise<HostIdentity | null> {
    const result = await this.call(connection, { mode: 'identify' }, { streams: silent, leaveAfterMs: identifyMs });
    switch (result.kind) {
      case 'answered': {
        const identity = readIdentity(result.trailer);
        if (identity === null) throw this.unusable(result.trailer.fields.get('why') ?? 'no identity');
        if (identity.volatile && !this.host.jobDirVolatile) throw this.unusable('volatile');
        return identity;
      }
      case 'refused':
        throw this.refusal(result.complaint);
      case 'unsent':
      case 'lost':
      case 'left':
        return null;
    }
  }

  private async call(connection: Connection, request: LauncherRequest, exchange: Exchange): Promise<CallResult> {
    const opened = await this.lineOn(connection);
    if ('none' in opened) return { kind: 'unsent', why: opened.none };
    this.line = opened.line;
    const call = launcherCall(request, { jobDir: this.host.jobDir ?? '', bootIdPath: this.settings.bootIdPath });
    return opened.line.call(call, { ...exchange, signal: this.context.signal });
  }

  private async lineOn(connection: Connection): Promise<OpenedLine> {
    if (this.line?.usable === true) return { line: this.line };
    return connection.openLine(become(this.host, this.settings.launcherShell), !becomesOther(this.host));
  }

  /** A line of another user ends here: what sudo allows is asked anew each time, and is in its log each time. */
  private giveBack(connection: Connection): void {
    if (this.line === null) return;
    if (becomesOther(this.host)) this.line.close();
    else connection.keepLine(this.line);
    this.line = null;
  }

  refusal(complaint: string): SshFailure {
    const text = complaint.slice(0, 300);
    if (/^(sudo|doas):/m.test(complaint))
      return new SshFailure(
        'SSH_BECOME_REFUSED',
        `Cannot become "${this.host.as ?? ''}" on "${this.host.name}": ${text}`,
      );
    return new SshFailure(
      'SSH_SHELL_UNUSABLE',
      `Cannot run a command on "${this.host.name}" as "${this.host.as ?? this.host.user}": ${text === '' ? 'the login shell ended' : text}`,
    );
  }

  unusable(why: string): SshFailure {
    const where = this.host.jobDir ?? '$HOME/.mainstay/jobs';
    const state = unusableReasons[why] ?? (why.startsWith('no-') ? `"${why.slice(3)}" is missing on the host` : why);
    return new SshFailure(
      'SSH_JOB_DIR_UNUSABLE',
      `Cannot use job directory "${where}" on "${this.host.name}": ${state}`,
    );
  }
}

const unusableReasons: { readonly [why: string]: string } = {
  directory: 'it is not a directory owned by the user, or it is a link',
  job: "the job's directory cannot be made",
  write: 'it cannot be written',
  lock: 'the lock of the job cannot be opened',
  fences: 'the fencing tokens cannot be written',
  volatile: 'it is in memory and would not survive a restart (set "jobDirVolatile" to accept that)',
};
