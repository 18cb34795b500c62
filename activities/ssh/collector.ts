import type { TargetHost } from '../connector';
import { become, becomesOther } from './become';
import type { Connection } from './connection';
import { launcherCall } from './launcher';

export interface CollectorSettings {
  readonly now: () => number;
  readonly bootIdPath: string;
  readonly launcherShell: string;
}

interface Finished {
  readonly host: TargetHost;
  readonly rootId: string;
  readonly names: Map<string, number>;
}

/** A result is journaled within this time after it was handed over, or another attempt asks for it again. */
const settledMs = 60_000;
/** A connection that is never idle is not waited for. */
const everyMs = 5 * 60_000;
const collectMs = 10_000;

/**
 * Removes the output of jobs whose result was handed over (D3); the exit record stays as a tombstone. It works when a connection
 * has become idle, or every few minutes where it never is, and forgets what it knows with its process: what is left on the host then is small and grows old harmlessly.
 */
export class Collector {
  private readonly finished = new WeakMap<Connection, Map<string, Finished>>();
  private readonly lastAt = new WeakMap<Connection, number>();

  constructor(private readonly settings: CollectorSettings) {}

  note(connection: Connection, host: TargetHost, job: { readonly rootId: string; readonly name: string }): void {
    const users = this.finished.get(connection) ?? new Map<string, Finished>();
    this.finished.set(connection, users);
    const key = `${host.as ?? ''}\n${job.rootId}`;
    const known = users.get(key) ?? { host, rootId: job.rootId, names: new Map<string, number>() };
    users.set(key, known);
    const now = this.settings.now();
    known.names.set(job.name, now);
    const lastAt = this.lastAt.get(connection);
    if (lastAt === undefined) this.lastAt.set(connection, now);
    else if (now - lastAt >= everyMs) void this.collect(connection);
  }

  async collect(connection: Connection): Promise<void> {
    this.lastAt.set(connection, this.settings.now());
    const signal = AbortSignal.timeout(collectMs);
    for (const { host, rootId, names } of this.finished.get(connection)?.values() ?? []) {
      const due = [...names].filter(([, at]) => this.settings.now() - at >= settledMs).map(([name]) => name);
      if (due.length === 0) continue;
      const call = launcherCall(
        { mode: 'collect', rootId, names: due },
        { jobDir: host.jobDir ?? '', bootIdPath: this.settings.bootIdPath },
      );
      const opened = await connection.openLine(become(host, this.settings.launcherShell), !becomesOther(host));
      if ('none' in opened) return;
      const streams = { onStdout: () => undefined, onStderr: () => undefined };
      await opened.line.call(call, { streams, signal, leaveAfterMs: collectMs });
      opened.line.close();
      for (const name of due) names.delete(name);
    }
  }
}
