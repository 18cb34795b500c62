import { sql } from 'kysely';
import type { Session } from './database';
import { isOfScopes } from './scopes';
import type { ScopeIds, StepDuration } from './store';

/** Newest runs of a definition that are looked at, and the rows of them that are read: enough for any percentile that is asked for. */
const runsRead = 200;
const rowsRead = 5_000;

/** How long each step took on each host of the newest runs of a definition that have ended. Only what succeeded. */
export async function readDurations(
  session: Session,
  definition: string,
  scopeIds: ScopeIds = null,
): Promise<readonly StepDuration[]> {
  const closed = session.query
    .selectFrom('runs')
    .select('id')
    .where('definition', '=', definition)
    .where('state', '=', 'closed');
  const seen = scopeIds === null ? closed : closed.where(isOfScopes(session, 'scope', scopeIds));
  const runs = await seen.orderBy('number', 'desc').limit(runsRead).execute();
  const found: StepDuration[] = [];
  for (let from = 0; from < runs.length && found.length < rowsRead; from += runsAtOnce) {
    const ids = runs.slice(from, from + runsAtOnce).map(({ id }) => id);
    found.push(...(await readRows(session, ids, rowsRead - found.length)));
  }
  return found;
}

/** A run of thousands of hosts fills the measure by itself: the newest runs come first. */
const runsAtOnce = 10;

/** A row counts as `ok` for what succeeded and for what was taken back. */
const okSeverity = 1;

async function readRows(session: Session, runIds: readonly string[], limit: number): Promise<readonly StepDuration[]> {
  const rows = await session.query
    .selectFrom('hosts')
    .select(['step', 'phase', 'host', durationOf(session).as('duration_ms')])
    .where('run_id', 'in', runIds)
    .where('severity', '=', okSeverity)
    .where('phase', 'in', ['do', 'undo'])
    .limit(limit)
    .execute();
  return rows.flatMap(({ step, phase, host, duration_ms: durationMs }) =>
    durationMs === null
      ? []
      : [
          {
            step: stepName(step),
            phase: phase === 'undo' ? ('undo' as const) : ('do' as const),
            host,
            durationMs: Number(durationMs),
          },
        ],
  );
}

/** Items of a loop, waves and samples are the same step again. */
function stepName(path: string): string {
  return path
    .split('/')
    .filter((part) => !part.includes(':'))
    .join('/');
}

function durationOf({ dialect }: Session) {
  return dialect === 'postgres'
    ? sql<number | null>`(document::json ->> 'durationMs')::bigint`
    : sql<number | null>`json_extract(document, '$.durationMs')`;
}
