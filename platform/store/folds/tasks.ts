import { canonicalJson } from '../../../workflows/domain/canonical-json';
import type { ApprovalEvent } from '../../../workflows/domain/approval-event';
import type { AskedPerson } from '../../../workflows/domain/journal';
import type { Answer, Task } from '../../../workflows/domain/task';
import { inChunks } from '../chunks';
import type { Session } from '../database';
import { toJson } from '../json';
import { readDocument } from '../schema';
import type { TaskRow } from '../store';
import type { FoldEntry } from './entry';
import { delegatedIn, withGiven, withoutRefused } from './task-delegations';
import type { GivenDelegation } from './task-delegations';
import { saveTaskPeople } from './task-people';

/** One task with its votes, in order of arrival. A vote that comes before the task is kept and waits for it. */
export interface TaskDocument {
  readonly id: string;
  readonly task: Task | null;
  readonly votes: readonly Answer[];
  readonly closed: TaskRow['closed'];
  /** Who is asked now. */
  readonly asked?: readonly AskedPerson[];
  /** Who is to answer for whom, as somebody who is asked wanted it for this task, oldest first. */
  readonly given?: readonly GivenDelegation[];
  /** Ids of the votes that count. */
  readonly standing?: readonly string[];
}

type TaskEntry = Extract<
  FoldEntry,
  {
    readonly kind:
      'task.opened' | 'task.asked' | 'task.delegated' | 'task.refused' | 'vote.cast' | 'approval.event' | 'task.closed';
  }
>;

export function foldTask(before: TaskDocument, entry: TaskEntry): TaskDocument {
  switch (entry.kind) {
    case 'task.opened':
      return { ...before, task: entry.payload };
    case 'task.asked':
      return { ...before, asked: entry.payload.people };
    case 'task.delegated':
      return { ...before, given: withGiven(before.given, entry) };
    case 'task.refused':
      return before.given === undefined ? before : { ...before, given: withoutRefused(before.given, entry) };
    case 'approval.event':
      return { ...before, ...standingAfter(before, entry.payload.event) };
    case 'vote.cast': {
      const isRepeated = before.votes.some(({ id }) => id === entry.payload.id);
      return isRepeated ? before : { ...before, votes: [...before.votes, entry.payload] };
    }
    case 'task.closed': {
      const { choice, by, reason, comment } = entry.payload;
      return before.closed === null ? { ...before, closed: { choice, by, reason, comment, at: entry.at } } : before;
    }
  }
}

/** A vote that was journaled counts from the event on that says so (D9), until another takes it back. */
function standingAfter({ standing = [] }: TaskDocument, event: ApprovalEvent): Pick<TaskDocument, 'standing'> {
  if (!('vote' in event) || event.kind === 'approval.vote-annotated') return {};
  const others = standing.filter((id) => id !== event.vote);
  return { standing: event.kind === 'approval.vote-cast' ? [...others, event.vote] : others };
}

export function taskRow(runId: string, document: TaskDocument): TaskRow | null {
  const { id: _id, task, given, ...answered } = document;
  if (task === null) return null;
  return { ...task, runId, ...answered, ...(given === undefined ? {} : { delegated: delegatedIn(given) }) };
}

export async function applyToTasks(session: Session, runId: string, entries: readonly FoldEntry[]): Promise<void> {
  const relevant = entries.filter(isTaskEntry);
  if (relevant.length === 0) return;
  const ids = [...new Set(relevant.flatMap((entry) => taskIdsOf(entry)))];
  const tasks = await loadTasks(session, runId, ids);
  for (const entry of relevant) {
    for (const id of taskIdsOf(entry))
      tasks.set(id, foldTask(tasks.get(id) ?? { id, task: null, votes: [], closed: null }, entry));
  }
  for (const chunk of inChunks([...tasks.values()])) await saveTasks(session, runId, chunk);
  if (relevant.some(({ kind }) => peopleKinds.has(kind))) await saveTaskPeople(session, runId, [...tasks.values()]);
}

/** A vote moves nobody in or out. */
const peopleKinds: ReadonlySet<string> = new Set([
  'task.opened',
  'task.asked',
  'task.delegated',
  'task.refused',
  'task.closed',
]);

const taskKinds: ReadonlySet<string> = new Set([
  'task.opened',
  'task.asked',
  'task.delegated',
  'vote.cast',
  'task.closed',
]);

export function isTaskEntry(entry: FoldEntry): entry is TaskEntry {
  if (entry.kind === 'approval.event') return 'vote' in entry.payload.event;
  if (entry.kind === 'task.refused') return entry.payload.answer.delegation !== undefined;
  return taskKinds.has(entry.kind);
}

function taskIdsOf(entry: TaskEntry): readonly string[] {
  switch (entry.kind) {
    case 'task.opened':
      return [entry.payload.id];
    case 'approval.event':
      return entry.payload.tasks;
    case 'task.asked':
    case 'task.delegated':
    case 'task.refused':
    case 'vote.cast':
    case 'task.closed':
      return [entry.payload.taskId];
  }
}

async function loadTasks(session: Session, runId: string, ids: readonly string[]): Promise<Map<string, TaskDocument>> {
  const tasks = new Map<string, TaskDocument>();
  for (const chunk of inChunks(ids)) {
    const rows = await session.query
      .selectFrom('tasks')
      .select('document')
      .where('run_id', '=', runId)
      .where('id', 'in', chunk)
      .execute();
    for (const row of rows) {
      const task = readDocument<TaskDocument>(row.document);
      tasks.set(task.id, task);
    }
  }
  return tasks;
}

async function saveTasks(session: Session, runId: string, tasks: readonly TaskDocument[]): Promise<void> {
  const rows = tasks.map((document) => ({
    run_id: runId,
    id: document.id,
    opened_at: document.task?.openedAt ?? null,
    is_open: document.task !== null && document.closed === null ? 1 : 0,
    document: canonicalJson(toJson(document)),
  }));
  await session.query
    .insertInto('tasks')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['run_id', 'id']).doUpdateSet((excluded) => ({
        opened_at: excluded.ref('excluded.opened_at'),
        is_open: excluded.ref('excluded.is_open'),
        document: excluded.ref('excluded.document'),
      })),
    )
    .execute();
}
