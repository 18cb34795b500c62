import type { HostRow } from '../../workflows/domain/journal';
import { readDurations } from './durations';
import type { Database } from './database';
import { loadRun, runRow } from './folds/run';
import type { StepDocument } from './folds/steps';
import { inChunks } from './chunks';
import { countRuns, listRuns, runRows } from './run-list';
import { readDocument } from './schema';
import { stepRows } from './step-view';
import type { Scopes } from './scopes';
import { countTasks, listTasks, tasksAskedOf } from './task-list';
import { compareText } from './text-order';
import type { RunRow, StepRow, Views } from './store';

type HostFilter = NonNullable<Parameters<Views['hosts']>[1]>;

export function createViews(database: Database, scopes: Scopes): Views {
  return {
    runs: (filter) => listRuns(database, scopes, filter),
    countRuns: (selection) => countRuns(database, scopes, selection),
    run: async (id) => {
      const run = await loadRun(database, id);
      return run === null ? null : runRow(id, run);
    },
    findRun: (reference) => findRun(database, reference),
    steps: (runId) => steps(database, runId),
    hosts: (runId, filter) => hosts(database, runId, filter ?? {}),
    tasks: (filter) => listTasks(database, filter),
    tasksAskedOf: (asked) => tasksAskedOf(database, asked),
    countTasks: (upTo) => countTasks(database, upTo),
    durations: (definition, scopeIds) => readDurations(database, definition, scopeIds),
  };
}

async function findRun({ query }: Database, reference: string): Promise<RunRow | null> {
  const created = query.selectFrom('runs').select(['id', 'document']).where('number', 'is not', null);
  if (/^\d{1,15}$/.test(reference)) {
    const [byNumber] = runRows(await created.where('number', '=', Number(reference)).execute());
    if (byNumber !== undefined) return byNumber;
  }
  if (reference === '') return null;
  const from = created.where('id', '>=', reference).where('id', '<', `${reference}\uffff`);
  const candidates = runRows(await from.orderBy('id').limit(2).execute());
  const [first, second] = candidates;
  if (first === undefined) return null;
  return first.id === reference || second === undefined ? first : null;
}

async function steps(database: Database, runId: string): Promise<readonly StepRow[]> {
  const { query } = database;
  const documents = await query.selectFrom('steps').select('document').where('run_id', '=', runId).execute();
  const run = await loadRun(database, runId);
  const worst = query
    .selectFrom('hosts')
    .select(({ fn }) => ['step', 'phase', 'host', fn.max('severity').as('severity')])
    .where('run_id', '=', runId)
    // Work on the worker itself has one row without a host.
    .where('host', '!=', '')
    .groupBy(['step', 'phase', 'host']);
  const counts = await query
    .selectFrom(worst.as('worst'))
    .select(({ fn }) => ['step', 'phase', 'severity', fn.countAll<number>().as('hosts')])
    .groupBy(['step', 'phase', 'severity'])
    .execute();
  const parsed = documents.map(({ document }) => readDocument<StepDocument>(document));
  return stepRows(runId, parsed, { counts, resumedSeq: run?.resumedSeq ?? 0 });
}

async function hosts(database: Database, runId: string, filter: HostFilter): Promise<readonly HostRow[]> {
  if (filter.hosts === undefined) return hostPage(database, runId, filter);
  const found: HostRow[] = [];
  for (const names of inChunks(filter.hosts))
    found.push(...(await hostPage(database, runId, { ...filter, hosts: names })));
  found.sort((left, right) => compareText(left.path, right.path) || compareText(left.phase, right.phase));
  return filter.limit === undefined ? found : wholePaths(found, filter.limit);
}

async function hostPage({ query }: Database, runId: string, filter: HostFilter): Promise<readonly HostRow[]> {
  const { step, hosts: names, after, limit } = filter;
  let select = query.selectFrom('hosts').select('document').where('run_id', '=', runId);
  if (step !== undefined) select = select.where('step', '=', step);
  if (names !== undefined) select = select.where('host', 'in', names);
  if (after !== undefined) select = select.where('path', '>', after);
  select = select.orderBy('path').orderBy('phase');
  // At most three phases share a path: the page can be completed from what was read.
  if (limit !== undefined) select = select.limit(limit + phasesPerPath);
  const rows = (await select.execute()).map(({ document }) => readDocument<HostRow>(document));
  return limit === undefined ? rows : wholePaths(rows, limit);
}

const phasesPerPath = 3;

function wholePaths(rows: readonly HostRow[], limit: number): readonly HostRow[] {
  const last = rows[limit - 1];
  return last === undefined ? rows : rows.filter((row, index) => index < limit || row.path === last.path);
}
