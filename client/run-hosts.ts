import type { HostRow } from '../workflows/domain/journal';
import type { StepStatus } from '../workflows/domain/step-status';
import type { Store } from '../platform/store/store';
import type { HostCell, HostPage } from './api/run-schema';

export interface HostFilter {
  readonly step?: string;
  readonly hosts?: readonly string[];
  readonly status?: readonly StepStatus[];
  readonly after?: string;
  readonly limit: number;
}

/** Rows read at once: a page that leaves out most of them is made of several. */
const rowsAtOnce = 2_000;
/** The whole message is in the journal. */
const messageKept = 200;

/** Results on hosts, in the order of their paths. */
export async function readHosts(store: Store, runId: string, filter: HostFilter): Promise<HostPage> {
  const { status, limit, ...wanted } = filter;
  const hosts: HostCell[] = [];
  let after = filter.after;
  for (;;) {
    const page = { ...wanted, limit: rowsAtOnce, ...(after === undefined ? {} : { after }) };
    const rows = await store.views.hosts(runId, page);
    const kept = rows.filter((row) => row.host !== '' && (status === undefined || status.includes(row.status)));
    const room = limit - hosts.length;
    const last = lastOfPage(kept, room);
    hosts.push(...kept.slice(0, last).map(cellOf));
    if (last < kept.length) return { hosts, next: hosts.at(-1)?.path ?? null };
    after = rows.at(-1)?.path;
    if (rows.length < rowsAtOnce || after === undefined) return { hosts, next: null };
  }
}

/** The phases of one path stay on one page: it is gone on after the path. */
function lastOfPage(rows: readonly HostRow[], room: number): number {
  let end = Math.min(room, rows.length);
  while (end > 0 && end < rows.length && rows[end]?.path === rows[end - 1]?.path) end += 1;
  return end;
}

function cellOf(row: HostRow): HostCell {
  const { host, step, path, status, phase, generation, delegate, exitCode, durationMs, error } = row;
  return {
    host,
    step,
    path,
    status,
    ...(phase === 'do' ? {} : { phase }),
    ...(generation === 1 ? {} : { generation }),
    ...(delegate === null ? {} : { delegate }),
    ...(row.changed ? { changed: true as const } : {}),
    ...(exitCode === null ? {} : { exitCode }),
    ...(durationMs === null ? {} : { durationMs }),
    ...(error === null ? {} : { error: { code: error.code, message: error.message.slice(0, messageKept) } }),
  };
}
