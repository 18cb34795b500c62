import { z } from 'zod';

import type { JournalEntry } from '../workflows/domain/journal';
import { streamOf } from '../workflows/domain/streams';
import type { Store, TaskRow } from '../platform/store/store';
import { RequestError } from './api/errors';
import type { TaskComment } from './api/run-schema';

export interface NewComment {
  readonly id: string;
  readonly text: string;
  readonly actor: string;
  readonly via: string;
  readonly at: number;
}

const Commented = z.object({ taskId: z.string(), id: z.string(), text: z.string() });

/** A word to whoever decides, or decided: a fact of the process that asks. The same id twice is one comment. */
export async function commentTask({ journal }: Store, task: TaskRow, comment: NewComment): Promise<TaskComment> {
  const { id, text, actor, via, at } = comment;
  const stream = streamOf(task.runId);
  const key = `task/${task.id}/comment:${id}`;
  const [known] = await journal.find(stream, [key]);
  if (known !== undefined) return sameComment(commentsIn([known]), { id, text, actor });
  if (task.closed !== null)
    throw new RequestError('TASK_CLOSED', `Cannot comment on task "${task.id}": it was decided`);
  const payload = { taskId: task.id, id, text };
  const entry: JournalEntry<'task.commented'> = { key, kind: 'task.commented', at, actor, via, payload };
  await journal.append(stream, [entry]);
  return { id, at, actor, text };
}

function sameComment(
  [known]: readonly TaskComment[],
  { id, text, actor }: Pick<NewComment, 'id' | 'text' | 'actor'>,
): TaskComment {
  if (known !== undefined && known.text === text && known.actor === actor) return known;
  throw new RequestError('IDEMPOTENCY_CONFLICT', `Cannot comment: "${id}" belongs to another comment`);
}

/** In order of time; what was redacted is left out. */
export async function commentsOf({ journal }: Store, task: TaskRow): Promise<readonly TaskComment[]> {
  const entries = await journal.read(streamOf(task.runId), { kinds: ['task.commented'] });
  return commentsIn(entries, task.id);
}

function commentsIn(
  entries: readonly { readonly at: number; readonly actor: string; readonly payload: string | null }[],
  taskId?: string,
): readonly TaskComment[] {
  return entries.flatMap(({ at, actor, payload }) => {
    const read = Commented.safeParse(payload === null ? null : JSON.parse(payload));
    if (!read.success || (taskId !== undefined && read.data.taskId !== taskId)) return [];
    return [{ id: read.data.id, at, actor, text: read.data.text }];
  });
}
