import { sql } from 'kysely';
import type { SqlBool } from 'kysely';
import type { Session } from './database';
import { delegatedIn } from './folds/task-delegations';
import { taskRow } from './folds/tasks';
import type { TaskDocument } from './folds/tasks';
import { readDocument } from './schema';
import { isOfScopes } from './scopes';
import type { AskedTasksFilter, TaskRow, Views } from './store';
import { compareText } from './text-order';

type TaskFilter = Parameters<Views['tasks']>[0];

/** In order of opening. */
export async function listTasks(session: Session, filter: TaskFilter): Promise<readonly TaskRow[]> {
  const { runId, open, id, begins, limit, after, scopeIds = null } = filter;
  let select = session.query.selectFrom('tasks').select(['run_id', 'document']).where('opened_at', 'is not', null);
  if (runId !== undefined) select = select.where('run_id', '=', runId);
  if (open !== undefined) select = select.where('is_open', '=', open ? 1 : 0);
  if (id !== undefined) select = select.where('id', '=', id);
  if (begins !== undefined) select = select.where('id', '>=', begins).where('id', '<', `${begins}\uffff`);
  if (scopeIds !== null) select = select.where(isOfScopes(session, 'scope', scopeIds));
  if (after !== undefined)
    select = select.where(sql<SqlBool>`(opened_at, run_id, id) > (${after.openedAt}, ${after.runId}, ${after.id})`);
  if (limit !== undefined) select = select.limit(limit);
  return taskRows(await select.orderBy('opened_at').orderBy('run_id').orderBy('id').execute());
}

/**
 * The first of each principal, then the first of all of them: whoever is in ten teams is not asked about everything that the teams are
 * asked about.
 */
export async function tasksAskedOf(session: Session, filter: AskedTasksFilter): Promise<readonly TaskRow[]> {
  const found = new Map<string, Asked>();
  for (const principal of new Set(filter.principals))
    for (const asked of await askedOf(session, principal, filter)) found.set(`${asked.run_id} ${asked.task_id}`, asked);
  const first = [...found.values()].toSorted(byUrgency).slice(0, filter.limit);
  return taskRows(first.map(({ run_id, document }) => ({ run_id, document })));
}

interface Asked {
  readonly run_id: string;
  readonly task_id: string;
  readonly priority: number;
  readonly opened_at: number;
  readonly document: string;
}

/** What waits no more, because a delegation has ended, is left out, and the page goes on behind it. */
async function askedOf(session: Session, principal: string, filter: AskedTasksFilter): Promise<readonly Asked[]> {
  const { limit, at } = filter;
  const found: Asked[] = [];
  for (let { after } = filter; ;) {
    const rows = await rowsAskedOf(session, principal, { ...filter, ...(after === undefined ? {} : { after }) });
    found.push(...rows.filter(({ document }) => isWaitingFor(principal, readDocument<TaskDocument>(document), at)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit || found.length >= limit) return found.slice(0, limit);
    after = { priority: last.priority, openedAt: last.opened_at, runId: last.run_id, id: last.task_id };
  }
}

/** Of an approval its desk says who is asked, and looks again while it waits. */
function isWaitingFor(principal: string, { task, asked, given }: TaskDocument, at: number): boolean {
  if (asked !== undefined || task?.candidates.includes(principal) === true) return true;
  return delegatedIn(given).some(({ to, until }) => to === principal && (until === null || at < until));
}

function rowsAskedOf(
  session: Session,
  principal: string,
  { scopeIds = null, limit, after }: AskedTasksFilter,
): Promise<readonly Asked[]> {
  let select = session.query
    .selectFrom('task_people as asked')
    .innerJoin('tasks', (join) =>
      join.onRef('tasks.run_id', '=', 'asked.run_id').onRef('tasks.id', '=', 'asked.task_id'),
    )
    .select(['asked.run_id', 'asked.task_id', 'asked.priority', 'asked.opened_at', 'tasks.document'])
    .where('asked.principal', '=', principal);
  if (after !== undefined) {
    const { priority, openedAt, runId, id } = after;
    const place = sql`(asked.priority, asked.opened_at, asked.run_id, asked.task_id)`;
    select = select.where(sql<SqlBool>`${place} > (${priority}, ${openedAt}, ${runId}, ${id})`);
  }
  const seen = scopeIds === null ? select : select.where(isOfScopes(session, 'tasks.scope', scopeIds));
  return seen
    .orderBy('asked.priority')
    .orderBy('asked.opened_at')
    .orderBy('asked.run_id')
    .orderBy('asked.task_id')
    .limit(limit)
    .execute();
}

function byUrgency(left: Asked, right: Asked): number {
  return (
    left.priority - right.priority ||
    left.opened_at - right.opened_at ||
    compareText(left.run_id, right.run_id) ||
    compareText(left.task_id, right.task_id)
  );
}

export async function countTasks({ query }: Session, upTo: number): Promise<number> {
  const some = query
    .selectFrom('tasks')
    .select('id')
    .where('is_open', '=', 1)
    .where('opened_at', 'is not', null)
    .limit(upTo);
  const { count } = await query
    .selectFrom(some.as('some'))
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function taskRows(rows: readonly { readonly run_id: string; readonly document: string }[]): TaskRow[] {
  return rows
    .map((row) => taskRow(row.run_id, readDocument<TaskDocument>(row.document)))
    .filter((task) => task !== null);
}
