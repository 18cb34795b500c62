import { authorized, testApi } from '../support/client/api';
import type { TestApi } from '../support/client/api';
import { fakeEngine } from '../support/client/fake-engine';
import type { AnyJournalEntry } from '../../workflows/domain/journal';
import { outputPage } from '../support/client/pages';

const runId = 'rabcdefghijkl';
let api: TestApi;

beforeEach(async () => {
  api = await testApi(fakeEngine());
  await api.store.journal.append(`run/${runId}`, [created]);
});

afterEach(async () => {
  await api.close();
});

const created: AnyJournalEntry = {
  key: 'run.created',
  kind: 'run.created',
  at: 1,
  actor: 'user/anna',
  via: 'cli',
  payload: {
    number: 1,
    definition: { name: 'hello', version: '1.0.0', digest: 'd', title: 'Hello', owner: 'team/web' },
    planHash: 'aa',
    planDigest: 'bb',
    requester: 'user/anna',
    inputs: {},
    parent: null,
    labels: {},
  },
};

const ended: AnyJournalEntry = {
  key: 'run.ended',
  kind: 'run.ended',
  at: 2,
  actor: 'engine',
  via: 'worker',
  payload: {
    outcome: 'succeeded',
    degraded: false,
    outputs: {},
    error: null,
    undone: [],
    exceptions: [],
    stateDigest: null,
  },
};

function get(url: string) {
  return api.app.inject({ method: 'GET', url: `/api/v1/runs/1/${url}`, headers: authorized });
}

function write(path: string, text: string): Promise<void> {
  return api.store.outputs.write({ runId, path, phase: 'do', generation: 1 }, 'stdout', 0, Buffer.from(text));
}

test('the journal is read page by page, with the head of its chain', async () => {
  await api.store.journal.append(`run/${runId}`, [ended]);

  const first = (await get('journal?limit=1')).json();
  const second = (await get(`journal?after=${first.after}`)).json();

  expect(first.entries.map((entry: { kind: string }) => entry.kind)).toEqual(['run.created']);
  expect(second.entries.map((entry: { kind: string }) => entry.kind)).toEqual(['run.ended']);
  expect(second.head).toEqual(await api.store.journal.head(`run/${runId}`));
});

test('a long poll on the journal answers as soon as something is appended', async () => {
  const { after } = (await get('journal')).json();

  const waiting = get(`journal?after=${after}&waitMs=20000`);
  await api.store.journal.append(`run/${runId}`, [ended]);

  expect((await waiting).json().entries).toHaveLength(1);
});

test('logs are filtered by step and host, and the position moves past what was left out', async () => {
  await write('upgrade/host:web1/install', 'one');
  await write('upgrade/host:web2/install', 'two');
  await write('upgrade/host:web1/check', 'three');

  const page = outputPage((await get('logs?host=web1&step=install')).json());

  expect(page.chunks).toEqual(['upgrade/host:web1/install: one']);
  expect(outputPage((await get(`logs?after=${page.after}`)).json()).chunks).toEqual([]);
});

test('logs are complete only after the run has ended and everything was read', async () => {
  await write('say', 'hello');
  expect(outputPage((await get('logs')).json()).complete).toBe(false);
  await api.store.journal.append(`run/${runId}`, [ended]);

  const page = outputPage((await get('logs?waitMs=20000')).json());
  const last = outputPage((await get(`logs?after=${page.after}&waitMs=20000`)).json());

  expect(page).toMatchObject({ chunks: ['say: hello'], complete: false });
  expect(last).toMatchObject({ chunks: [], complete: true });
});
