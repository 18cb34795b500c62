import type { HostRow } from '../../workflows/domain/journal';
import { readDurations } from './durations';
import type { Database } from './database';
import { loadRun, runRow } from './folds/run';
import type { RunDocument } from './folds/run';
import type { StepDocument } from './folds/steps';
import { taskRow } from './folds/tasks';
import type { TaskDocument } from './folds/tasks';
import { inChunks } from './chunks';
import { readDocument } from './schema';
import { stepRows } from './step-view';
import { compareText } from './text-order';
import type { RunFilter, RunRow, StepRow, TaskRow, Views } from './store';

type HostFilter = NonNullable<Parameters<Views['hosts']>[1]>;
type TaskFilter = Parameters<Views['tasks']>[0];

export function createViews(database: Database): Views {
  return {
    runs: (filter) => runs(database, filter),
    run: async (id) => {
      const run = await loadRun(database, id);
      return run === null ? null : runRow(id, run);
    },
    findRun: (reference) => findRun(database, reference),
    steps: (runId) => steps(database, runId),
    hosts: (runId, filter) => hosts(database, runId, filter ?? {}),
    tasks: (filter) => tasks(database, filter),
    durations: (definition) => readDurations(database, definition),
  };
}

async function runs({ query }: Database, { state, definition, parent, limit, before }: RunFilter): Promise<RunRow[]> {
  let select = query.selectFrom('runs').select(['id', 'document']).where('number', 'is not', null);
  if (state !== undefined) select = select.where('state', '=', state);
  if (definition !== undefined) select = select.where('definition', '=', definition);
  if (parent !== undefined) select = select.where('parent', parent === null ? 'is' : '=', parent);
  if (before !== undefined) select = select.where('number', '<', before);
  return runRows(await select.orderBy('number', 'desc').limit(limit).execute());
}

function runRows(rows: readonly { readonly id: string; readonly document: string }[]): RunRow[] {
  return rows.map(({ id, document }) => runRow(id, readDocument<RunDocument>(document))).filter((row) => row !== null);
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

/** In order of opening. */
async function tasks({ query }: Database, { runId, open, id, begins, limit }: TaskFilter): Promise<readonly TaskRow[]> {
  let select = query.selectFrom('tasks').select(['run_id', 'document']).where('opened_at', 'is not', null);
  if (runId !== undefined) select = select.where('run_id', '=', runId);
  if (open !== undefined) select = select.where('is_open', '=', open ? 1 : 0);
  if (id !== undefined) select = select.where('id', '=', id);
  if (begins !== undefined) select = select.where('id', '>=', begins).where('id', '<', `${begins}\uffff`);
  if (limit !== undefined) select = select.limit(limit);
  const rows = await select.orderBy('opened_at').orderBy('run_id').orderBy('id').execute();
  return rows
    .map((row) => taskRow(row.run_id, readDocument<TaskDocument>(row.document)))
    .filter((task) => task !== null);
}
