import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { stringify } from 'yaml';

import type { BackupEngine } from '../../client/backup-engine';
import type { BackupOperationView } from '../../client/backup-operation-view';
import type { Engine } from '../../client/engine';
import { createTemporalEngines } from '../../client/temporal-engine';
import type { BackupAction } from '../../workflows/backup/messages';
import { startFleet } from '../support/fleet/fleet';
import type { Fleet } from '../support/fleet/fleet';
import { openLibrary } from './library/library-stage';
import type { LibraryStage } from './library/library-stage';

const run = promisify(execFile);

jest.setTimeout(120_000);

let directory: string;
let fleet: Fleet;
let library: LibraryStage;
let backups: BackupEngine;
let engine: Engine;

const anna = { actor: 'user/anna', via: 'test' } as const;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mainstay-drill-'));
  fleet = await startFleet({ hosts: 1, names: ['db1'] });
  const password = join(directory, 'password');
  await writeFile(password, 'only for tests');
  await mkdir(join(directory, 'srv'));
  await writeFile(join(directory, 'srv', 'orders'), 'one\n'.repeat(20_000));
  await writeFile(join(directory, 'srv', 'customers'), 'two\n'.repeat(20_000));
  await run('restic', ['init', '--repo', join(directory, 'repository')], {
    env: { ...process.env, RESTIC_PASSWORD: 'only for tests' },
  });
  const plan = {
    apiVersion: 'mainstay/v1',
    kind: 'BackupPlan',
    metadata: { name: 'shop-files', version: '1.0.0', title: 'Files of the shop', owner: 'team/operations' },
    spec: {
      service: 'shop',
      provider: 'restic',
      inventory: 'fleet',
      host: 'db1',
      source: [join(directory, 'srv')],
      with: { runAs: 'login' },
      repositories: { primary: { location: join(directory, 'repository'), password: `file:${password}` } },
      backups: [{ id: 'nightly' }],
      drill: {
        directory: join(directory, 'places'),
        identity: { hostName: hostname() },
        stableFor: '1s',
        mutations: ['flipped-bytes', 'stale-backup'],
      },
      restore: { approvers: ['user/otto', 'user/olga'] },
      objectives: { rto: '1h' },
    },
  };
  const people = [
    {
      apiVersion: 'mainstay/v1',
      kind: 'Team',
      metadata: { name: 'operations' },
      spec: { members: ['user/otto', 'user/olga'] },
    },
  ];
  library = await openLibrary({
    fleet,
    groups: { db1: ['backups'] },
    user: 'root',
    grants: ['file:'],
    documents: [plan, ...people].map((document) => stringify(document)).join('---\n'),
  });
  const { client, taskQueue } = library.under.environment;
  ({ backups, engine } = createTemporalEngines({
    store: library.under.store,
    client,
    taskQueue,
    answerTimeoutMs: 10_000,
  }));
  await backups.recover();
});

afterAll(async () => {
  await library.close();
  await fleet.stop();
  await rm(directory, { recursive: true, force: true });
});

async function begin(action: BackupAction): Promise<string> {
  const { operation } = await backups.act('shop-files', { action, ...anna });
  if (operation === null) throw new Error('Cannot follow the operation: none was begun');
  return operation;
}

async function until(operation: string, holds: (view: BackupOperationView) => boolean): Promise<BackupOperationView> {
  for (const giveUpAt = Date.now() + 60_000; Date.now() < giveUpAt;) {
    const view = await backups.operation(operation);
    if (view !== null && holds(view)) return view;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot see what it should come to: ${JSON.stringify(await backups.operation(operation))}`);
}

async function ended(operation: string): Promise<BackupOperationView> {
  return until(operation, ({ endedAt }) => endedAt !== null);
}

async function answer(operation: string, path: string, given: { readonly actor: string; readonly choice: string }) {
  const isAsked = ({ tasks }: BackupOperationView) => tasks.find((task) => task.path === path && task.closed === null);
  const view = await until(operation, (each) => isAsked(each) !== undefined);
  const result = await engine.answer({ taskId: isAsked(view)?.id ?? '', via: 'test', ...given });
  if (!result.accepted) throw new Error(`Cannot answer: ${result.reason}`);
}

/** Folders of places, and networks of this operation, that are there: other tests have networks of their own. */
async function places(operation: string): Promise<readonly string[]> {
  const folders = await readdir(join(directory, 'places')).catch(() => []);
  const { stdout } = await run('ip', ['netns', 'list']);
  return [...folders, ...stdout.split('\n').filter((line) => line.includes(`ms-${operation}`))];
}

test('R-DRILL-1: a real backup is restored in an isolated place, asserted, broken on purpose, and nothing is left', async () => {
  await ended(await begin({ action: 'run', backup: null }));
  await appendFile(join(directory, 'srv', 'orders'), 'three\n');
  const { set } = await ended(await begin({ action: 'run', backup: null }));

  const drilled = await ended(await begin({ action: 'drill', set: null, seed: 5, targetMs: 0 }));

  expect(drilled).toMatchObject({ outcome: 'succeeded', set, verdict: { verdict: 'PASS' } });
  expect(drilled.assertions.map(({ mutation }) => mutation)).toEqual(['', 'stale-backup']);
  const mutated = drilled.steps.filter(({ what }) => what === 'mutated').map(({ detail }) => detail);
  expect(mutated).toMatchObject([
    { mutation: 'flipped-bytes', result: 'noticed', by: 'restore' },
    { mutation: 'stale-backup', result: 'noticed', by: 'tree' },
  ]);
  expect(drilled.evidence).toMatchObject({
    isolation: { escaped: 0 },
    leftovers: [],
    missing: ['link to the clauses'],
  });
  expect(await places(drilled.id)).toEqual([]);
});

test('R-DRILL-6: a drill that is called off in the middle is interrupted, and leaves nothing', async () => {
  const drill = await begin({ action: 'drill', set: null, seed: 5, targetMs: 0 });
  await until(drill, ({ steps }) => steps.some(({ what }) => what === 'opened'));
  expect(await places(drill)).not.toEqual([]);

  await backups.cancel(drill, { ...anna, reason: 'an incident' });

  const { outcome, reason } = await ended(drill);
  expect({ outcome, reason }).toMatchObject({ outcome: 'INTERRUPTED', reason: expect.stringContaining('an incident') });
  expect(await places(drill)).toEqual([]);
});

test('a restore over live data is approved by two, swapped on word, and settled when it is confirmed', async () => {
  await writeFile(join(directory, 'srv', 'orders'), 'lost');
  const restore = await begin({ action: 'restore', set: null, targetMs: 0, over: true, reason: 'orders are lost' });
  await answer(restore, 'approve', { actor: 'user/otto', choice: 'approve' });
  await answer(restore, 'approve', { actor: 'user/olga', choice: 'approve' });
  await until(restore, ({ tasks }) => tasks.some(({ path }) => path === 'swap'));
  expect(await readFile(join(directory, 'srv', 'orders'), 'utf8')).toBe('lost');

  await answer(restore, 'swap', { actor: 'user/anna', choice: 'swap' });
  await answer(restore, 'confirm', { actor: 'user/otto', choice: 'confirm' });

  const { outcome, reason } = await ended(restore);
  expect(reason).toContain('it took the place of what was live, confirmed by user/otto');
  expect(outcome).toBe('succeeded');
  expect(await readFile(join(directory, 'srv', 'orders'), 'utf8')).toBe(`${'one\n'.repeat(20_000)}three\n`);
  expect(await places(restore)).toEqual([]);
});

test('R-DRILL-5: a repository that is really corrupt fails the drill at a named step, and the backup is broken', async () => {
  const packs = await readdir(join(directory, 'repository', 'data'), { recursive: true, withFileTypes: true });
  for (const pack of packs.filter((entry) => entry.isFile())) {
    const file = join(pack.parentPath, pack.name);
    await chmod(file, 0o600);
    await writeFile(file, Buffer.alloc((await stat(file)).size, 7));
  }

  const drilled = await ended(await begin({ action: 'drill', set: null, seed: 5, targetMs: 0 }));

  expect(drilled).toMatchObject({ outcome: 'FAIL', verdict: { verdict: 'FAIL', at: 'restore' } });
  const { points } = await backups.points('shop-files', { limit: 10 });
  expect(points.find(({ id }) => id === drilled.set)?.broken).toContain(`drill ${drilled.id}`);
  expect(await places(drilled.id)).toEqual([]);
});
