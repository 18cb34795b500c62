import type {
  AnyJournalEntry,
  HostRow,
  JournalEntry,
  JournalKind,
  JournalPayloads,
} from '../../../workflows/domain/journal';
import type { Answer, Task } from '../../../workflows/domain/task';

/** Entries with every field filled in; a test names only what it is about. */
export function entry<K extends JournalKind>(
  kind: K,
  payload: JournalPayloads[K],
  rest: { readonly key?: string; readonly at?: number } = {},
): JournalEntry<K> {
  return { key: rest.key ?? kind, kind, at: rest.at ?? 1_000, actor: 'engine', via: 'engine', payload };
}

export function runCreated(change: Partial<JournalPayloads['run.created']> = {}, at = 1_000): AnyJournalEntry {
  const definition = { name: 'upgrade', version: '1.0.0', digest: 'd1', title: 'Upgrade', owner: 'team/web' };
  const identity = { number: 1, definition, planHash: 'h1', planDigest: 'p1', requester: 'user/anna' };
  return entry('run.created', { ...identity, inputs: { version: '1.2' }, parent: null, labels: {}, ...change }, { at });
}

export function runStarted(resumed: boolean, at: number): AnyJournalEntry {
  return entry('run.started', { resumed }, { key: `run.started@${at}`, at });
}

export function runEnded(change: Partial<JournalPayloads['run.ended']> = {}, at = 9_000): AnyJournalEntry {
  const nothing = { outputs: {}, error: null, undone: [], exceptions: [], stateDigest: null };
  return entry(
    'run.ended',
    { outcome: 'succeeded', degraded: false, ...nothing, ...change },
    { key: `run.ended@${at}`, at },
  );
}

export function stepStarted(change: Partial<JournalPayloads['step.started']> = {}, at = 2_000): AnyJournalEntry {
  const step = {
    path: 'install',
    id: 'install',
    verb: 'exec',
    phase: 'do',
    generation: 1,
    group: null,
    hostCount: 0,
  } as const;
  const payload = { ...step, ...change };
  return entry('step.started', payload, { key: stepKey(payload, 'started'), at });
}

export function stepEnded(change: Partial<JournalPayloads['step.ended']> = {}, at = 3_000): AnyJournalEntry {
  const step = { path: 'install', id: 'install', verb: 'exec', phase: 'do', generation: 1, group: null } as const;
  const result = { status: 'succeeded', rescued: false, attempts: 1, startedAt: 2_000, error: null } as const;
  const payload = { ...step, ...result, counts: null, digest: null, outputs: {}, ...change };
  return entry('step.ended', payload, { key: stepKey(payload, 'ended'), at });
}

export function hostEnded(host: string, change: Partial<HostRow> = {}, at = 2_500): AnyJournalEntry {
  const step = change.step ?? 'install';
  const place = { path: `${step}/host:${host}`, step, host, delegate: null, phase: 'do', generation: 1 } as const;
  const times = { startedAt: 2_000, endedAt: 2_500, durationMs: 500 };
  const result = {
    status: 'succeeded',
    changed: true,
    exitCode: 0,
    ...times,
    error: null,
    captured: {},
    output: null,
  } as const;
  const payload = { ...place, ...result, ...change };
  return entry('host.ended', payload, { key: `${payload.path}@${payload.generation}/${payload.phase}/host.ended`, at });
}

export function taskOpened(change: Partial<Task> = {}, at = 4_000): AnyJournalEntry {
  const question = { title: 'Go on?', candidates: ['team/web'], options: ['approve', 'reject'], form: null, show: {} };
  const rule = { min: 2, rejectOn: 1, excludeRequester: true, planHash: 'h1', showHash: 's1' };
  const times = { openedAt: at, dueAt: null, onDue: null };
  const task: Task = {
    id: 't1',
    kind: 'approval',
    path: 'approve',
    ...question,
    ...rule,
    ...times,
    hosts: [],
    ...change,
  };
  return entry('task.opened', task, { key: `task.opened/${task.id}`, at });
}

export function voteCast(id: string, change: Partial<Answer> = {}, at = 5_000): AnyJournalEntry {
  const answer: Answer = {
    taskId: 't1',
    id,
    actor: 'user/ben',
    via: 'cli',
    choice: 'approve',
    comment: '',
    form: null,
    ...change,
  };
  return entry('vote.cast', answer, { key: `vote.cast/${id}`, at });
}

export function taskRefused(id: string, at = 6_000): AnyJournalEntry {
  const answer: Answer = {
    taskId: 't1',
    id,
    actor: 'user/eve',
    via: 'cli',
    choice: 'approve',
    comment: '',
    form: null,
  };
  const payload = { taskId: 't1', answer, code: 'TASK_CLOSED', reason: 'the task is closed' };
  return entry('task.refused', payload, { key: `task.refused/${id}`, at });
}

function stepKey(
  step: { path: string; generation: number; phase: string; group: number | null },
  what: string,
): string {
  const group = step.group === null ? '' : `/group:${step.group}`;
  return `${step.path}${group}@${step.generation}/${step.phase}/step.${what}`;
}

/** Who took something out, where that does not matter. */
export const redacted = { actor: 'user/anna', via: 'cli', at: 9_000, reason: 'asked to' };
