import { priorityOf } from '../../../workflows/domain/task';
import { inChunks } from '../chunks';
import type { Session } from '../database';
import { delegatedIn } from './task-delegations';
import type { TaskDocument } from './tasks';

/** Whom an open task waits for: of an approval who is asked now, and in whose place; of all others their candidates, and who answers for them. */
export async function saveTaskPeople({ query }: Session, runId: string, tasks: readonly TaskDocument[]): Promise<void> {
  for (const chunk of inChunks(tasks))
    await query
      .deleteFrom('task_people')
      .where('run_id', '=', runId)
      .where(
        'task_id',
        'in',
        chunk.map(({ id }) => id),
      )
      .execute();
  for (const chunk of inChunks(tasks.flatMap((task) => rowsOf(runId, task))))
    await query.insertInto('task_people').values(chunk).execute();
}

interface TaskPerson {
  readonly principal: string;
  readonly run_id: string;
  readonly task_id: string;
  readonly priority: number;
  readonly opened_at: number;
}

function rowsOf(runId: string, { id, task, closed, asked, given }: TaskDocument): readonly TaskPerson[] {
  if (task === null || closed !== null) return [];
  const principals =
    asked === undefined
      ? [...task.candidates, ...delegatedIn(given).map(({ to }) => to)]
      : asked.flatMap(({ actor, person }) => [actor, person]);
  const place = { run_id: runId, task_id: id, priority: priorityOf(task), opened_at: task.openedAt };
  return [...new Set(principals)].map((principal) => ({ principal, ...place }));
}
