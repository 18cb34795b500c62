import { canonicalJson } from '../../../workflows/domain/canonical-json';
import type { HostRow } from '../../../workflows/domain/journal';
import type { StepStatus } from '../../../workflows/domain/step-status';
import { inChunks } from '../chunks';
import type { Session } from '../database';
import { toJson } from '../json';
import type { FoldEntry } from './entry';

/**
 * What a host counts as in `counts`. A step may have several rows for one host (its delegates): the most severe decides, and the
 * place in this list is the severity.
 */
export const countedAs = ['skipped', 'ok', 'unknown', 'failed'] as const;

const severityOfStatus = {
  pending: 0,
  skipped: 0,
  running: 0,
  succeeded: 1,
  undone: 1,
  unknown: 2,
  failed: 3,
  cancelled: 3,
} as const satisfies Record<StepStatus, number>;

/** One row for each (path, phase): that of the newest generation; of equal ones, what was written last. */
export async function applyToHosts(session: Session, runId: string, entries: readonly FoldEntry[]): Promise<void> {
  const newest = new Map<string, HostRow>();
  for (const entry of entries) {
    if (entry.kind !== 'host.ended') continue;
    const key = `${entry.payload.path}\n${entry.payload.phase}`;
    const known = newest.get(key);
    if (known === undefined || entry.payload.generation >= known.generation) newest.set(key, entry.payload);
  }
  for (const chunk of inChunks([...newest.values()])) await saveHosts(session, runId, chunk);
}

async function saveHosts(session: Session, runId: string, hosts: readonly HostRow[]): Promise<void> {
  await session.query
    .insertInto('hosts')
    .values(hosts.map((row) => hostColumns(runId, row)))
    .onConflict((conflict) =>
      conflict
        .columns(['run_id', 'path', 'phase'])
        .doUpdateSet((excluded) => ({
          generation: excluded.ref('excluded.generation'),
          step: excluded.ref('excluded.step'),
          host: excluded.ref('excluded.host'),
          severity: excluded.ref('excluded.severity'),
          document: excluded.ref('excluded.document'),
        }))
        .whereRef('excluded.generation', '>=', 'hosts.generation'),
    )
    .execute();
}

function hostColumns(runId: string, row: HostRow) {
  const { path, phase, generation, step, host, status } = row;
  const severity = severityOfStatus[status];
  return { run_id: runId, path, phase, generation, step, host, severity, document: canonicalJson(toJson(row)) };
}
