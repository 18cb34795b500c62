import type { TargetHost } from '../connector';
import { become } from './become';
import { runCall } from './connection';
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
const collectMs = 10_000;

/**
 * Removes the output of jobs whose result was handed over (D3); the exit record stays as a tombstone. It works when a connection
 * has become idle, and forgets what it knows with its process: what is left on the host then is small and grows old harmlessly.
 */
export class Collector {
  private readonly finished = new WeakMap<Connection, Map<string, Finished>>();

  constructor(private readonly settings: CollectorSettings) {}

  note(connection: Connection, host: TargetHost, job: { readonly rootId: string; readonly name: string }): void {
    const users = this.finished.get(connection) ?? new Map<string, Finished>();
    this.finished.set(connection, users);
    const key = `${host.as ?? ''}\n${job.rootId}`;
    const known = users.get(key) ?? { host, rootId: job.rootId, names: new Map<string, number>() };
    users.set(key, known);
    known.names.set(job.name, this.settings.now());
  }

  async collect(connection: Connection): Promise<void> {
    const signal = AbortSignal.timeout(collectMs);
    for (const { host, rootId, names } of this.finished.get(connection)?.values() ?? []) {
      const due = [...names].filter(([, at]) => this.settings.now() - at >= settledMs).map(([name]) => name);
      if (due.length === 0) continue;
      const call = launcherCall(
        { mode: 'collect', rootId, names: due },
        { jobDir: host.jobDir ?? '', bootIdPath: this.settings.bootIdPath, shell: this.settings.launcherShell },
      );
      const streams = { onStdout: () => undefined, onStderr: () => undefined };
      await runCall(connection, call, { ...become(host, call.command), streams, signal, leaveAfterMs: collectMs });
      for (const name of due) names.delete(name);
    }
  }
}
