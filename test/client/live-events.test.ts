import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createAccess } from '../../client/access';
import { liveEvents, tellTo } from '../../client/live-events';
import type { EventFilter } from '../../client/live-events';
import { digestOf } from '../../platform/store/blobs';
import { openStore } from '../../platform/store/open';
import type { Store } from '../../platform/store/store';
import type { Grant } from '../../workflows/domain/authorization';
import type { AnyJournalEntry } from '../../workflows/domain/journal';
import { entry, hostEnded, runCreated, runEnded, stepStarted } from '../platform/store/entries';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-live-'));
  store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function created(number: number, service: string): AnyJournalEntry {
  return runCreated({ number, scope: { service: [service] } });
}

function lockOf(runId: string): AnyJournalEntry {
  const payload = { runId, path: 'deploy', names: ['host/db1', 'service/shop'], token: 1 };
  return entry('lock.granted', payload, { key: `granted/${runId}` });
}

async function heard(grants: readonly Grant[], filter: EventFilter = {}): Promise<readonly string[]> {
  const access = createAccess({ actor: 'user/anna', via: 'session', grants, proof: { kind: 'none' } });
  const answer = await liveEvents(store).open()(0);
  if (answer === 'gone') throw new Error('Cannot hear: the beginning is gone');
  const tell = tellTo(access, filter);
  return answer.news.flatMap(({ value }) => {
    const event = tell(value);
    return event === null ? [] : [`${event.process.kind} ${event.process.number} ${event.kind}`];
  });
}

const everywhere = [{ role: 'viewer', where: null }] as const;

test('an event tells what happened where, in short', async () => {
  await store.journal.append('run/r1', [created(7, 'shop'), stepStarted(), hostEnded('web1')]);
  await store.journal.append('locks', [lockOf('r1')]);
  await store.journal.append('run/r1', [runEnded({ outcome: 'failed' })]);

  const answer = await liveEvents(store).open()(0);

  const run = { kind: 'run', id: 'r1', number: 7, name: 'upgrade' };
  expect(answer === 'gone' ? [] : answer.news.map(({ value }) => value.event)).toMatchObject([
    { kind: 'run.created', process: run, about: null, state: null, seq: 1 },
    { kind: 'step.started', process: run, about: 'install' },
    { kind: 'host.ended', process: run, about: 'install/host:web1' },
    { kind: 'lock.granted', process: { ...run, kind: 'lock' }, about: 'host/db1, service/shop' },
    { kind: 'run.ended', process: run, state: 'failed' },
  ]);
});

test('whoever may read one service hears nothing of another, nor of its locks', async () => {
  await store.journal.append('run/r1', [created(1, 'shop')]);
  await store.journal.append('run/r2', [created(2, 'bank'), runEnded()]);
  await store.journal.append('locks', [lockOf('r1'), lockOf('r2')]);

  expect(await heard([{ role: 'viewer', where: { service: ['shop'] } }])).toEqual([
    'run 1 run.created',
    'lock 1 lock.granted',
  ]);
  expect(await heard(everywhere)).toHaveLength(5);
  expect(await heard([])).toEqual([]);
});

test('what is in a folder is judged as what it is, by its own labels', async () => {
  const texts = {
    Grant: '{ kind: Grant, metadata: { name: shop/operators } }',
    Runbook: '{ kind: Runbook, metadata: { name: shop/deploy, labels: { service: bank } } }',
  };
  for (const [kind, text] of Object.entries(texts)) {
    const name = kind === 'Grant' ? 'shop/operators' : 'shop/deploy';
    const published = { kind, name, version: '1.0.0', digest: digestOf(Buffer.from(text)), files: {} };
    await store.definitions.publish({ ...published, text }, { actor: 'user/anna', via: 'cli', at: 1 });
  }

  // Grants are for whoever may read access.
  expect(await heard(everywhere)).toEqual(['definition null definition.published']);
  expect(await heard([{ role: 'viewer', where: { service: ['bank'] } }])).toEqual([
    'definition null definition.published',
  ]);
  expect(await heard([{ role: 'viewer', where: { service: ['shop'] } }])).toEqual([]);
});

test('facts of the installation are for auditors; what was published is for whoever reads definitions', async () => {
  const text = 'metadata: { name: shop }';
  const published = { kind: 'Runbook', name: 'shop', version: '1.0.0', digest: digestOf(Buffer.from(text)), files: {} };
  await store.definitions.publish({ ...published, text }, { actor: 'user/anna', via: 'cli', at: 1 });
  const late = { taskId: 't1', code: 'TASK_CLOSED', reason: 'too late' };
  const answer = { taskId: 't1', id: 'a1', actor: 'user/ben', via: 'cli', choice: 'approve', at: 1 };
  await store.journal.append('system', [
    entry('task.refused', { ...late, answer: { ...answer, comment: '', form: null } }),
  ]);

  expect(await heard(everywhere)).toEqual(['definition null definition.published']);
  expect(await heard([{ role: 'auditor', where: null }])).toEqual([
    'definition null definition.published',
    'system null task.refused',
  ]);
});

test.each<[EventFilter, readonly string[]]>([
  [{ kinds: 'run.' }, ['run 1 run.created', 'run 2 run.created', 'run 2 run.ended']],
  [{ kinds: 'run.ended,step.' }, ['run 1 step.started', 'run 2 run.ended']],
  [{ kinds: '' }, []],
  [{ process: 'r1' }, ['run 1 run.created', 'run 1 step.started']],
  [{ process: 'r2', kinds: 'run.created' }, ['run 2 run.created']],
])('a filter %j leaves the rest out', async (filter, expected) => {
  await store.journal.append('run/r1', [created(1, 'shop'), stepStarted()]);
  await store.journal.append('run/r2', [created(2, 'bank'), runEnded()]);

  expect(await heard(everywhere, filter)).toEqual(expected);
});
