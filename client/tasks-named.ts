import type { Store, TaskRow } from '../platform/store/store';
import { RequestError } from './api/errors';

/** The task of this id; else the open ones whose ids begin so. */
export async function tasksNamed({ views }: Store, reference: string): Promise<readonly TaskRow[]> {
  const exact = await views.tasks({ id: reference });
  return exact.length > 0 ? exact : views.tasks({ open: true, begins: reference });
}

export async function requireTask(store: Store, reference: string): Promise<TaskRow> {
  const [match, ...others] = await tasksNamed(store, reference);
  if (match === undefined) throw unknownTask(reference);
  if (others.length > 0) throw unknownTask(reference, `${others.length + 1} open tasks begin so`);
  return match;
}

export function unknownTask(reference: string, found = 'no such task'): RequestError {
  return new RequestError('TASK_NOT_FOUND', `Cannot find task "${reference}": ${found}`);
}
