import type { Client, ClientChannel } from 'ssh2';

import { launcherProgram } from './launcher';
import type { LauncherCall } from './launcher';
import { MarkSplitter, parseTrailer } from './trailer';
import type { Trailer } from './trailer';

export interface Streams {
  onStdout(bytes: Buffer): void;
  onStderr(bytes: Buffer): void;
}

export type CallResult =
  /** The launcher answered. */
  | { readonly kind: 'answered'; readonly trailer: Trailer; readonly file: Buffer | null }
  /** The channel ended by itself before the launcher began: a login shell or sudo refused. Nothing was started. */
  | { readonly kind: 'refused'; readonly complaint: string }
  /** Nothing was sent, or nobody was there to read it: the connection has no channel left, none at all, or the line had ended. */
  | { readonly kind: 'unsent'; readonly why: NoLine | 'stale' }
  /** Sent, and no answer. */
  | { readonly kind: 'lost' }
  /** We stopped watching. */
  | { readonly kind: 'left' };

export interface CallOptions {
  readonly streams: Streams;
  readonly signal: AbortSignal;
  /** Leave after so long without an answer. */
  readonly leaveAfterMs: number;
}

export interface LineCommand {
  /** Starts a POSIX sh that reads its program from stdin. */
  readonly command: string;
  /** What stands before the program. */
  readonly stdinPrefix: string;
}

export type NoLine = 'full' | 'broken';
export type OpenedLine = { readonly line: Line } | { readonly none: NoLine };

/** Until a request has been sent nothing runs, so every failure here means that nothing was started. */
export function openLine(client: Client, wrapped: LineCommand): Promise<OpenedLine> {
  return new Promise((resolve) => {
    try {
      client.exec(wrapped.command, (error, channel) => {
        if (error === undefined) resolve({ line: new Line(channel, wrapped.stdinPrefix + launcherProgram) });
        else resolve({ none: 'reason' in error && error.reason !== undefined ? 'full' : 'broken' });
      });
    } catch {
      // ssh2 throws 'Not connected' when the connection ended a moment ago.
      resolve({ none: 'broken' });
    }
  });
}

/** A shell remembers the children that it did not wait for: after so many requests another one takes over. */
const requestsPerLine = 100;

interface Talk {
  readonly stdout: MarkSplitter;
  readonly stderr: MarkSplitter;
  finish(result: CallResult): void;
}

/**
 * A channel to a shell that has read the launcher and serves one request after the other: neither a process of sshd nor one of the
 * shell is made anew for each job. It is left by closing it; the job in it goes on.
 */
export class Line {
  private talk: Talk | null = null;
  private unsent: string;
  private served = 0;
  private exited = false;
  private open = true;

  constructor(
    private readonly channel: ClientChannel,
    program: string,
  ) {
    this.unsent = program;
    channel.on('data', (bytes: Buffer) => this.hear('stdout', bytes));
    channel.stderr.on('data', (bytes: Buffer) => this.hear('stderr', bytes));
    channel.on('exit', () => (this.exited = true));
    channel.on('error', () => undefined);
    channel.on('close', () => {
      this.open = false;
      this.talk?.finish(this.brokenOff(this.talk));
    });
  }

  /** Can take a request. */
  get usable(): boolean {
    return this.open && this.talk === null;
  }

  get worn(): boolean {
    return this.served >= requestsPerLine;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.channel.close();
  }

  /** Never throws: what happened is the result. */
  call(call: LauncherCall, options: CallOptions): Promise<CallResult> {
    if (options.signal.aborted) return Promise.resolve({ kind: 'left' });
    if (!this.usable) return Promise.resolve({ kind: 'unsent', why: 'stale' });
    const { streams, signal } = options;
    return new Promise((resolve) => {
      const leave = (): void => {
        talk.finish({ kind: 'left' });
        this.close();
      };
      const timer = setTimeout(leave, options.leaveAfterMs);
      const talk: Talk = {
        stdout: new MarkSplitter(call.nonce, (bytes) => streams.onStdout(bytes)),
        stderr: new MarkSplitter(call.nonce, (bytes) => streams.onStderr(bytes)),
        finish: (result) => {
          this.talk = null;
          clearTimeout(timer);
          signal.removeEventListener('abort', leave);
          resolve(result);
        },
      };
      this.talk = talk;
      signal.addEventListener('abort', leave, { once: true });
      this.channel.write(this.unsent + call.text);
      this.unsent = '';
    });
  }

  private hear(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    const { talk } = this;
    if (talk === null) return;
    talk[stream].push(bytes);
    const answer = talk.stderr.mark;
    // The two streams are not ordered against each other: each one tells its own end.
    if (answer === null || talk.stdout.mark === null) return;
    this.served += 1;
    talk.finish({ kind: 'answered', trailer: parseTrailer(answer), file: talk.stdout.file });
  }

  /** The channel has ended in the middle of a request. */
  private brokenOff({ stdout, stderr }: Talk): CallResult {
    if (!this.exited || stderr.hasBegun || stdout.hasBegun) return { kind: 'lost' };
    if (this.served > 0) return { kind: 'unsent', why: 'stale' };
    return {
      kind: 'refused',
      complaint: [stderr.complaint, stdout.complaint].filter((text) => text !== '').join('; '),
    };
  }
}
