import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { appendJournal, childState, loadState, openChild, saveState } from '../../../activities/lookups/runs';
import { openStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-runs-'));
  store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function stateEntry(key: string, reason: string) {
  const payload = { state: 'running', reason } as const;
  return { key, kind: 'run.state', at: 1, actor: 'engine', via: 'engine', payload } as const;
}

const parent = { installation: 'i', id: 'r1', number: 1, requester: 'user/anna', createdAt: 1, parent: null };
const child = {
  parent,
  childId: 'r1-sub',
  definition: { name: 'sub', version: '1.0.0', title: 'Sub', owner: 'team/web', digest: 'd' },
  planHash: 'hash',
  planDigest: 'digest',
  inputs: {},
  at: 5,
};

test('appendJournal() lets the first of two passes stand and writes what is new (D4)', async () => {
  await appendJournal(store, { runId: 'r1', entries: [stateEntry('a', 'first pass')] });

  const head = await appendJournal(store, {
    runId: 'r1',
    entries: [stateEntry('a', 'second pass'), stateEntry('b', 'second pass')],
  });

  const stored = await store.journal.read('run/r1');
  expect(stored.map(({ key, payload }) => [key, payload])).toEqual([
    ['a', '{"reason":"first pass","state":"running"}'],
    ['b', '{"reason":"second pass","state":"running"}'],
  ]);
  expect(head).toEqual(await store.journal.head('run/r1'));
});

test('openChild() enters a child once, however often it is asked', async () => {
  const first = await openChild(store, child);
  const again = await openChild(store, { ...child, at: 9 });

  expect(again).toEqual(first);
  expect(first).toMatchObject({ run: { id: 'r1-sub', parent: 'r1', number: 1 }, ended: null });
  expect(await store.journal.read('run/r1-sub')).toHaveLength(1);
});

test('openChild() gives a child the scope of what it is part of, and of its own runbook', async () => {
  const text = 'kind: Runbook\nmetadata: { labels: { team: web } }\n';
  const digest = createHash('sha256').update(text).digest('hex');
  const { name, version } = child.definition;
  await store.definitions.publish(
    { kind: 'Runbook', name, version, digest, text, files: {} },
    { actor: 'user/anna', via: 'test', at: 1 },
  );
  const opened = { number: 1, title: 't', model: 'm', requester: 'user/anna', draft: {}, scope: { env: ['prod'] } };
  const by = { at: 1, actor: 'user/anna', via: 'test' };
  await store.journal.append('run/c1', [{ key: 'opened', kind: 'change.opened', ...by, payload: opened }]);

  await openChild(store, {
    ...child,
    parent: { ...parent, id: 'c1' },
    definition: { ...child.definition, digest },
  });

  expect((await store.views.run('r1-sub'))?.scope).toEqual({ env: ['prod'], team: ['web'] });
});

test('childState() of a run that nobody has entered is null', async () => {
  expect(await childState(store, parent, 'r1-other')).toBeNull();
});

test('a state comes back as it was stored, and one that is not there is an error', async () => {
  const { digest } = await saveState(store, { runId: 'r1', state: { a: [1, null, 'x'] } });

  expect(await loadState(store, { digest })).toEqual({ state: { a: [1, null, 'x'] } });
  await expect(loadState(store, { digest: '0'.repeat(64) })).rejects.toMatchObject({ type: 'STATE_MISSING' });
});
