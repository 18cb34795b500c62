import type { Answer } from '../domain/task';
import type { NewEntry } from '../effects';

/** What the journal has of an answer before it counts (D9). */
export function entryOf(answer: Answer): NewEntry<'vote.cast' | 'task.delegated'> {
  const { taskId, id, actor, via, comment, delegation } = answer;
  if (delegation === undefined)
    return { key: `${taskId}/${id}/vote.cast`, kind: 'vote.cast', payload: answer, actor, via };
  const payload = { taskId, from: actor, ...delegation, comment };
  return { key: `${taskId}/${id}/task.delegated`, kind: 'task.delegated', payload, actor, via };
}
