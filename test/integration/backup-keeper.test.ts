import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { Worker } from '@temporalio/worker';
import { parseAllDocuments } from 'yaml';

import type { BackupEngine } from '../../client/backup-engine';
import { keeperIdOf } from '../../client/backup-keepers';
import type { BackupOperationView } from '../../client/backup-operation-view';
import { createTemporalEngines } from '../../client/temporal-engine';
import type { BackupAction } from '../../workflows/backup/messages';
import type { Json, JsonObject } from '../../workflows/domain/json';
import { bundleWorkflows } from '../../workers/bundle';
import { workflowIdOf } from '../../workflows/runbook/messages';
import { planText, providerText, surroundings } from '../definitions/backup-documents';
import { startTestServer } from '../support/test-server';
import type { TestServer } from '../support/test-server';
import { openStage } from './stage';
import type { Stage } from './stage';

/** What each role tells; none of them has a step. */
const told: { readonly [role: string]: JsonObject } = {
  preflight: {
    toolVersion: '1.0',
    serverVersion: '',
    freeBytes: 1_000_000,
    neededBytes: 10,
    clockMs: Date.now(),
    lagSeconds: -1,
    locks: [],
  },
  backup: {
    exitCode: 0,
    setId: 'tool-1',
    kind: 'full',
    parent: '',
    sizeBytes: 1_000,
    storedBytes: 10,
    startedAtMs: Date.now() - 60_000,
    endedAtMs: Date.now() - 50_000,
    digest: 'sha256:1',
    manifest: { counts: { orders: 12 } },
  },
  verify: { intact: true, readPercent: 100, problems: [] },
  list: { sets: [] },
};

/** A provider whose roles tell what is given. */
function providerDocuments(provider: string, outputs: typeof told): readonly string[] {
  return parseAllDocuments(providerText(provider)).map((document) => {
    const text = JSON.stringify(document.toJS());
    const [, role = ''] = /"backup\/\w+\/([a-z]+)"/.exec(text) ?? [];
    return Object.entries(outputs[role] ?? {}).reduce(
      (known, [output, value]) =>
        known.replace(new RegExp(`("${output}":\\{"type":"[a-z]+","value":)null`), `$1${JSON.stringify(value)}`),
      text,
    );
  });
}

const lock = { id: 'l1', host: 'web1', pid: 7, holder: 'alive', sinceMs: 1 };

const people = `apiVersion: mainstay/v1
kind: Team
metadata: {name: law}
spec: {members: [user/ben, user/cem]}
`;

let folder: string;
let server: TestServer;
let stage: Stage;
let backups: BackupEngine;

beforeAll(async () => {
  // A keeper continues as new every few passes.
  folder = await mkdtemp(join(tmpdir(), 'mainstay-keeper-'));
  server = await startTestServer({ folder, eventsPerHistory: 40 });
  const plan = planText('holds: {approvers: [team/law]}');
  const busyPlan = planText('provider: busy').replace('name: sample', 'name: waiting');
  const busy = { ...told, preflight: { ...told['preflight'], locks: [lock] } };
  const providers = [...providerDocuments('fake', told), ...providerDocuments('busy', busy)];
  stage = await openStage({
    documents: [surroundings, people, plan, busyPlan, ...providers].join('\n---\n'),
    server: server.address,
  });
  const { client, taskQueue } = stage.under.environment;
  backups = createTemporalEngines({ store: stage.under.store, client, taskQueue, answerTimeoutMs: 10_000 }).backups;
  await backups.announce(['sample', 'waiting'].map((name) => ({ kind: 'BackupPlan', name })));
}, 60_000);

afterAll(async () => {
  await stage.close();
  await server.server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function act(action: BackupAction, plan = 'sample'): Promise<string> {
  return (await backups.act(plan, { action, actor: 'user/anna', via: 'test' })).operation ?? '';
}

async function until<T>(read: () => Promise<T | null>, holds: (value: T) => boolean): Promise<T> {
  let last: T | null = null;
  for (const giveUpAt = Date.now() + 30_000; Date.now() < giveUpAt;) {
    last = await read();
    if (last !== null && holds(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Cannot see what it should come to: it is ${JSON.stringify(last)}`);
}

function ended(id: string): Promise<BackupOperationView> {
  return until(
    () => backups.operation(id),
    ({ endedAt }) => endedAt !== null,
  );
}

test('a backup that is asked for is taken, verified, and known, and its keeper hears of its end', async () => {
  const id = await act({ action: 'run', backup: null });

  const done = await ended(id);
  const [set] = await stage.under.store.backups.sets({ plan: 'sample', limit: 10 });

  expect(done).toMatchObject({ kind: 'backup', outcome: 'succeeded', requester: 'user/anna' });
  expect(done.runs.map(({ runbook }) => runbook)).toEqual([
    'backup/fake/preflight 1.0.0',
    'backup/fake/backup 1.0.0',
    'backup/fake/verify 1.0.0',
  ]);
  expect(set).toMatchObject({ id, setId: 'tool-1', owned: true, broken: '', hasManifest: true });
  expect(Object.keys(set?.levels ?? {})).toEqual(['V0', 'V1']);
}, 60_000);

test('a keeper takes turns, and goes on as it was each time that it continues as new', async () => {
  const ids: string[] = [];
  for (let each = 0; each < 6; each += 1) ids.push(await act({ action: 'run', backup: null }));

  const all = await Promise.all(ids.map(ended));
  const { client } = stage.under.environment;
  const keeperId = keeperIdOf('sample');
  const keeper = client.workflow.getHandle(workflowIdOf(keeperId));

  expect(all.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'succeeded'));
  const times = all.map(({ openedAt, endedAt }) => [openedAt, endedAt ?? 0] as const);
  for (const [index, [opened]] of times.entries()) expect(opened).toBeGreaterThanOrEqual(times[index - 1]?.[1] ?? 0);
  expect((await stage.histories(keeperId)).length).toBeGreaterThan(1);
  const running = await until(
    () => keeper.query<{ readonly running: readonly Json[] }>('view'),
    (view) => view.running.length === 0,
  );
  expect(running.running).toEqual([]);
}, 60_000);

test('a legal hold goes when two people are for it (R-BKP-9)', async () => {
  const [set] = await stage.under.store.backups.sets({ plan: 'sample', limit: 1 });
  const id = set?.id ?? '';
  await act({ action: 'hold', set: id, hold: { name: 'audit', kind: 'legal', untilMs: null, reason: 'audit' } });
  await act({ action: 'release', set: id, name: 'audit', reason: 'over' });
  const keeperId = keeperIdOf('sample');

  const holds: number[] = [];
  for (const actor of ['user/ben', 'user/cem']) {
    const tasks = await stage.under.store.views.tasks({ runId: keeperId });
    const task = tasks.find(({ kind, closed }) => kind === 'approval' && closed === null);
    const { planHash = '', showHash = '' } = task ?? {};
    const answer = { taskId: task?.id ?? '', actor, via: 'test', choice: 'approve', planHash, showHash };
    await stage.engine.answer(answer);
    holds.push((await stage.under.store.backups.findSet(id))?.holds.length ?? -1);
  }

  expect(holds[0]).toBe(1);
  await until(
    () => stage.under.store.backups.findSet(id),
    (found) => found.holds.length === 0,
  );
}, 60_000);

test('a backup that waits for a lock ends when it is called off, and its keeper hears of it', async () => {
  const id = await act({ action: 'run', backup: null }, 'waiting');
  await until(
    () => backups.operation(id),
    ({ state }) => state === 'waiting',
  );

  await backups.cancel(id, { actor: 'user/anna', via: 'test', reason: 'not today' });

  const done = await ended(id);
  expect(done).toMatchObject({ outcome: 'cancelled', set: null });
  expect(done.reason).toContain('not today');
  const next = await act({ action: 'run', backup: null }, 'waiting');
  await until(
    () => backups.operation(next),
    ({ state }) => state === 'waiting',
  );
}, 60_000);

test('a backup that waits for its turn ends when it is called off, and never begins', async () => {
  const id = await act({ action: 'run', backup: null }, 'waiting');
  expect(await backups.operation(id)).toBeNull();

  await backups.cancel(id, { actor: 'user/anna', via: 'test', reason: 'not today' });

  expect(await ended(id)).toMatchObject({
    outcome: 'cancelled',
    reason: 'called off by user/anna: not today',
    runs: [],
  });
}, 60_000);

test('a backup whose execution was terminated has failed, and the next one has its turn', async () => {
  const [open] = await backups.operations({ plan: 'waiting', open: true, limit: 1 });
  const next = await act({ action: 'run', backup: null }, 'waiting');

  await stage.under.environment.client.workflow.getHandle(workflowIdOf(open?.id ?? '')).terminate();
  const found = await backups.recover();

  expect(found).toBe(1);
  expect(await ended(open?.id ?? '')).toMatchObject({ outcome: 'failed' });
  await until(
    () => backups.operation(next),
    ({ state }) => state === 'waiting',
  );
}, 60_000);

test('what keepers and operations did replays', async () => {
  const code = await bundleWorkflows(join(__dirname, '..', '..', 'workflows', 'index.ts'));
  const operations = (
    await Promise.all(['sample', 'waiting'].map((plan) => backups.operations({ plan, open: false, limit: 2 })))
  ).flat();
  const ids = [keeperIdOf('sample'), keeperIdOf('waiting'), ...operations.map(({ id }) => id)];

  const histories = (await Promise.all(ids.map((id) => stage.histories(id)))).flat();

  expect(histories.length).toBeGreaterThan(4);
  for (const history of histories)
    await expect(
      Worker.runReplayHistory({ workflowBundle: { code } }, historyFromJSON(history), 'run/replayed'),
    ).resolves.toBeUndefined();
}, 60_000);
