import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { appendWithin } from '../platform/store/append';
import { openDatabase } from '../platform/store/database';
import type { Database } from '../platform/store/database';
import { migrate } from '../platform/store/migrate';
import { createStore } from '../platform/store/open';
import type { Store } from '../platform/store/store';
import type { AnyJournalEntry, JournalKind, JournalPayloads } from '../workflows/domain/journal';
import type { Answer, Task } from '../workflows/domain/task';
import type { Figure } from './figure';
import { percentile } from './statistics';

const hostCount = 10_000;
const answers = 200;
const hourMs = 3_600_000;

/**
 * So many changes wait for approval, each with its item, its window and its open task: what answering one of them costs the store. It is
 * what a vote does there: the task is looked up, what the change meets is looked for, and the vote, its event and the decision are
 * journaled with their folds.
 */
export async function changeFigures(count: number): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-bench-changes-'));
  const database = openDatabase({ kind: 'libsql', file: join(folder, 'store.db') });
  try {
    await migrate(database);
    await fill(database, count);
    const store = createStore(database);
    const waits: number[] = [];
    for (let index = 0; index < answers; index += 1) {
      const beganAt = performance.now();
      await answerOne(store, Math.floor((index * count) / answers));
      waits.push(performance.now() - beganAt);
    }
    const listed = await timed(() => store.changes.list({ phase: 'authorising', limit: 50 }));
    const what = `of ${count.toLocaleString('en')} changes that wait for approval`;
    return [
      { name: `answering one ${what}, p99`, value: percentile(waits, 99), unit: 'ms', target: '< 200' },
      { name: `the newest 50 ${what}`, value: listed, unit: 'ms', target: '' },
    ];
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const changesAtOnce = 500;

/** Many in one transaction: how fast they come is not what is measured. */
async function fill(database: Database, count: number): Promise<void> {
  for (let start = 0; start < count; start += changesAtOnce) {
    await database.transaction(async (session) => {
      for (let index = start; index < Math.min(count, start + changesAtOnce); index += 1)
        await appendWithin(session, `run/${idOf(index)}`, waitingChange(index));
    });
  }
}

function idOf(index: number): string {
  return `c${String(index).padStart(12, '0')}`;
}

function itemOf(index: number): string {
  return `host/web${index % hostCount}`;
}

/** Ten changes for each host, one after the other. */
function startOf(index: number): number {
  return Date.UTC(2027, 0, 1) + Math.floor(index / hostCount) * 4 * hourMs;
}

function waitingChange(index: number): readonly AnyJournalEntry[] {
  const startMs = startOf(index);
  const title = `Change ${index}`;
  const window = { startMs, endMs: startMs + 2 * hourMs, cutoffMs: 0, preparationMs: 0 };
  const plan = { generation: 1, planHash: `h${index}`, planDigest: `d${index}`, definition: 'deploy@1.0.0', hosts: 1 };
  return [
    entry('change.opened', {
      number: index + 1,
      title,
      model: 'change/normal',
      requester: 'user/anna',
      draft: { title },
    }),
    entry('change.planned', { ...plan, items: [itemOf(index)] }),
    entry('change.scheduled', { ...window, assignees: [`user/p${index % 500}`], reason: 'submitted' }),
    entry('change.state', {
      from: 'draft',
      to: 'authorising',
      event: 'authorise',
      reason: 'submitted',
      hash: `h${index}`,
    }),
    entry('task.opened', taskOf(index)),
  ];
}

function entry<K extends JournalKind>(kind: K, payload: JournalPayloads[K]): AnyJournalEntry {
  const made: { readonly [name: string]: unknown } = {
    key: kind,
    kind,
    at: 1,
    actor: 'engine',
    via: 'engine',
    payload,
  };
  return JSON.parse(JSON.stringify(made));
}

function taskOf(index: number): Task {
  return {
    id: `${idOf(index)}-1`,
    kind: 'approval',
    path: 'approval',
    title: `CHG-${index + 1} Change ${index}`,
    candidates: ['team/change-managers'],
    options: ['approve', 'reject', 'abstain'],
    min: 1,
    rejectOn: 1,
    excludeRequester: true,
    form: null,
    show: { change: `CHG-${index + 1}` },
    planHash: `h${index}`,
    showHash: '',
    openedAt: index,
    dueAt: null,
    onDue: null,
    hosts: [],
  };
}

async function answerOne(store: Store, index: number): Promise<void> {
  const id = idOf(index);
  const [task] = await store.views.tasks({ begins: `${id}-`, open: true });
  const change = await store.changes.get(id);
  if (task === undefined || change === null) throw new Error(`Cannot answer task of ${id}: it is not there`);
  await store.changes.meeting({
    items: await store.changes.items(id),
    assignees: change.assignees,
    startMs: startOf(index),
    endMs: startOf(index) + 2 * hourMs,
    except: id,
  });
  const given: Answer = {
    taskId: task.id,
    id: `vote-${index}`,
    actor: 'user/mia',
    via: 'cli',
    choice: 'approve',
    comment: '',
    form: null,
  };
  await store.journal.append(`run/${id}`, [{ ...entry('vote.cast', given), key: `vote/${index}` }]);
  const cast = {
    at: 2,
    kind: 'approval.vote-cast',
    vote: given.id,
    person: given.actor,
    actor: given.actor,
    via: 'cli',
    choice: 'approve',
    comment: '',
    hash: `h${index}`,
  } as const;
  await store.journal.append(`run/${id}`, [
    entry('approval.event', { path: 'approval', approval: id, tasks: [task.id], event: cast }),
    entry('task.closed', { taskId: task.id, choice: 'approve', by: [given.actor], reason: 'answered', comment: '' }),
    {
      ...entry('change.state', {
        from: 'authorising',
        to: 'scheduled',
        event: 'approve',
        reason: '',
        hash: `h${index}`,
      }),
      key: 'state/2',
    },
  ]);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganAt = performance.now();
  await work();
  return performance.now() - beganAt;
}
