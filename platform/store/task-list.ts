import type { Session } from './database';
import { taskRow } from './folds/tasks';
import type { TaskDocument } from './folds/tasks';
import { readDocument } from './schema';
import { isOfScopes } from './scopes';
import type { AskedTasksFilter, TaskRow, Views } from './store';
import { compareText } from './text-order';

type TaskFilter = Parameters<Views['tasks']>[0];

/** In order of opening. */
export async function listTasks(session: Session, filter: TaskFilter): Promise<readonly TaskRow[]> {
  const { runId, open, id, begins, limit, scopeIds = null } = filter;
  let select = session.query.selectFrom('tasks').select(['run_id', 'document']).where('opened_at', 'is not', null);
  if (runId !== undefined) select = select.where('run_id', '=', runId);
  if (open !== undefined) select = select.where('is_open', '=', open ? 1 : 0);
  if (id !== undefined) select = select.where('id', '=', id);
  if (begins !== undefined) select = select.where('id', '>=', begins).where('id', '<', `${begins}\uffff`);
  if (scopeIds !== null) select = select.where(isOfScopes(session, 'scope', scopeIds));
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

function askedOf(
  session: Session,
  principal: string,
  { scopeIds = null, limit }: AskedTasksFilter,
): Promise<readonly Asked[]> {
  const select = session.query
    .selectFrom('task_people as asked')
    .innerJoin('tasks', (join) =>
      join.onRef('tasks.run_id', '=', 'asked.run_id').onRef('tasks.id', '=', 'asked.task_id'),
    )
    .select(['asked.run_id', 'asked.task_id', 'asked.priority', 'asked.opened_at', 'tasks.document'])
    .where('asked.principal', '=', principal);
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
