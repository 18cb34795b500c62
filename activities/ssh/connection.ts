import type { Client } from 'ssh2';

import type { HostIdentity } from './launcher';
import { openLine } from './line';
import type { Line, LineCommand, OpenedLine } from './line';

/** Half of OpenSSH's default MaxSessions: slots are freed late on the server, and operators need some too. */
const channelsPerConnection = 5;

/** One authenticated connection, with the number of its channels in use. */
export class Connection {
  private busy = 0;
  private riders = 0;
  private cap = channelsPerConnection;
  private dead = false;
  private idleLines: Line[] = [];
  private idleCheck: NodeJS.Timeout | null = null;
  lastUsedAt = 0;
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

  /** One check at a time. */
  checkIdleAfter(ms: number, check: () => void): void {
    if (this.dead || this.idleCheck !== null) return;
    this.idleCheck = setTimeout(() => {
      this.idleCheck = null;
      check();
    }, ms).unref();
  }

  cancelIdleCheck(): void {
    if (this.idleCheck !== null) clearTimeout(this.idleCheck);
    this.idleCheck = null;
  }

  /** Another connection goes through this one. */
  ride(): void {
    this.riders += 1;
  }

  alight(now: number): void {
    this.riders -= 1;
    this.lastUsedAt = now;
  }

  /** A line for a channel that was taken. One of the login user's may have been waiting since its last request. */
  async openLine(wrapped: LineCommand, shared: boolean): Promise<OpenedLine> {
    if (this.dead) return { none: 'broken' };
    this.idleLines = this.idleLines.filter((line) => line.usable);
    const waiting = shared ? this.idleLines.pop() : undefined;
    if (waiting !== undefined) return { line: waiting };
    // Lines that wait count on the server, too.
    while (this.idleLines.length > 0 && this.busy + this.idleLines.length > this.cap) this.idleLines.pop()?.close();
    const opened = await openLine(this.client, wrapped);
    if ('none' in opened && opened.none === 'full') this.refuseMore();
    return opened;
  }

  keepLine(line: Line): void {
    if (line.usable && !line.worn && !this.dead) this.idleLines.push(line);
    else line.close();
  }

  end(): void {
    this.dead = true;
    this.client.end();
  }

  destroy(): void {
    this.dead = true;
    this.client.destroy();
  }

  /** The server refused one more channel: it allows fewer than we thought. */
  private refuseMore(): void {
    this.cap = Math.max(1, Math.min(this.cap, this.busy) - 1);
  }
}
