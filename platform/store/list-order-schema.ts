import type { Session } from './database';

/** The list of all tasks, also of those that are closed, is read from the place where a page begins. */
export async function orderTasks({ query }: Session): Promise<void> {
  await query.schema.createIndex('tasks_opened').on('tasks').columns(['opened_at', 'run_id', 'id']).execute();
}
