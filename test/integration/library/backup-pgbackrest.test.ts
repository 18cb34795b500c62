import { execFile } from 'node:child_process';
import { access, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { listens } from '../../support/component';
import { startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { findPostgres } from '../../support/postgres';
import { startArchivedPostgres } from '../../support/postgres-archived';
import type { ArchivedPostgres } from '../../support/postgres-archived';
import type { Json, JsonObject } from '../../../workflows/domain/json';
import { openLibrary } from './library-stage';
import type { LibraryStage } from './library-stage';
import { failedAssertions, openFolder, processesIn, runRole } from './provider-stage';
import type { Place } from './provider-stage';

const execute = promisify(execFile);
const assertions = [{ name: 'orders add up', query: 'select sum(cents) from orders', expect: 990_000 }];
/** What is restored here need not outlive a power cut. */
const settings = ['fsync=off', 'full_page_writes=off'];
const everything =
  'create table orders as select g as id, md5(g::text) as what, g % 100 as cents from generate_series(1, 20000) g';

let fleet: Fleet;
let library: LibraryStage;
let postgres: ArchivedPostgres;
let full: JsonObject;
let differential: JsonObject;
/** The newest heartbeat before `beforeLossMs`, a time at which rows are still there. */
let heartbeatMs: number;
let beforeLossMs: number;

beforeAll(async () => {
  [fleet, postgres] = await Promise.all([
    startFleet({ hosts: 1, names: ['db1'], kind: 'sshd' }),
    startArchivedPostgres('shop'),
  ]);
  // Only root becomes the account of the cluster.
  const login = process.getuid?.() === 0 ? { user: 'root' } : {};
  const grants = [`file:${postgres.directory}/`];
  library = await openLibrary({ fleet, groups: { db1: ['databases'] }, grants, ...login });
  await postgres.query('create database shop');
  await postgres.query(`create table mainstay_heartbeat (at timestamptz); ${everything}`, 'shop');
  await beat();
  full = await role('backup', { ...server(), pgPath: postgres.data, kind: 'full', label: 'b000000000001' });
  await beat();
  differential = await role('backup', {
    ...server(),
    pgPath: postgres.data,
    kind: 'differential',
    label: 'b000000000002',
  });
  heartbeatMs = await beat();
  // Recovery goes by the time of the commit, which is some time after that of the row.
  beforeLossMs = Number(
    await postgres.query('select floor(extract(epoch from clock_timestamp()) * 1000) from pg_sleep(0.002)'),
  );
  await beat();
  await postgres.query('delete from orders where id > 15000', 'shop');
  await postgres.archive();
}, 60_000);

afterAll(async () => {
  await library.close();
  await fleet.stop();
  await postgres.stop();
});

const repository = (): JsonObject => ({
  repository: postgres.repository,
  password: `file:${postgres.passwordFile}`,
  lockPath: postgres.lockPath,
});
const server = (): JsonObject => ({
  ...repository(),
  socket: postgres.socket,
  port: postgres.port,
});

function role(name: string, inputs: JsonObject): Promise<JsonObject> {
  const about = { host: 'db1', service: 'shop', user: postgres.owner };
  const source = name === 'destroy' ? {} : { source: ['shop'] };
  return runRole(library, `backup/pgbackrest/${name}`, { ...about, ...source, ...inputs });
}

/** Writes a heartbeat, and answers its time. */
async function beat(): Promise<number> {
  const insert =
    'insert into mainstay_heartbeat values (clock_timestamp()) returning floor(extract(epoch from at) * 1000)';
  return Number(await postgres.query(insert, 'shop'));
}

const place = (label: string): Promise<Place> => openFolder(postgres.directory, label);
const setOf = (backup: JsonObject): Json => backup['setId'] ?? '';

async function restoreInto(target: Place, inputs: JsonObject): Promise<JsonObject> {
  const restored = await role('restore', { ...repository(), ...target, targetMs: 0, ...inputs });
  if (restored['restored'] !== true) return restored;
  return role('replay', { ...target, targetMs: inputs['targetMs'] ?? 0, stableMs: 100, settings });
}

function judge(target: Place, inputs: JsonObject): Promise<JsonObject> {
  return role('assert', { ...target, fromLevel: 'V3', assertions, ...inputs });
}

function levels({ results }: JsonObject): readonly unknown[] {
  if (!Array.isArray(results)) throw new Error('Cannot read the results: they are no list');
  return [...new Set(results.map((result: JsonObject) => result['level']))];
}

/** A command of the service, as the account of the cluster; what is stopped may be stopped again. */
function control(verb: 'start' | 'stop'): readonly string[] {
  const become = ['setpriv', '--reuid', postgres.owner, '--regid', postgres.owner, '--init-groups'];
  const pgctl = (word: string): string => `"$1" -D "$2" -l "$2.log" -w ${word} </dev/null >/dev/null 2>&1`;
  const command = `cd /; ${verb === 'stop' ? `! ${pgctl('status')} || ` : ''}${pgctl(verb)}`;
  const program = join(findPostgres() ?? '', 'pg_ctl');
  return [...(process.getuid?.() === 0 ? become : ['env']), 'sh', '-c', command, 'sh', program, postgres.data];
}

function corrupt(target: Place, mutation: string, stage: string): Promise<JsonObject> {
  return role('mutate', { ...repository(), ...target, set: setOf(differential), mutation, stage, seed: 1 });
}

test('preflight tells versions, space, lag and locks (R-BKP-11)', async () => {
  expect(await role('preflight', server())).toEqual({
    toolVersion: expect.stringMatching(/^\d+\.\d+/),
    serverVersion: '',
    freeBytes: expect.any(Number),
    neededBytes: expect.any(Number),
    clockMs: expect.any(Number),
    lagSeconds: 0,
    locks: [],
  });
});

test('a lock that a process holds is not broken, and one that nobody holds is (R-BKP-12)', async () => {
  const lock = join(postgres.lockPath, 'shop-backup.lock');
  const unlock = () => role('unlock', { ...repository(), locks: [lock] });
  await postgres.own('sh', '-c', 'echo 4194304 > "$1"', 'sh', lock);
  const found = await role('preflight', server());
  const holder = execFile('flock', [lock, 'sh', '-c', 'echo; exec sleep 60']);
  await new Promise((resolve) => holder.stdout?.once('data', resolve));
  const held = await role('preflight', server());
  const refused = await unlock();
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  // `flock` waits for its child, which holds the lock too.
  await execute('sh', ['-c', `kill $(cat /proc/${holder.pid}/task/${holder.pid}/children) ${holder.pid}`]);
  await ended;
  const broken = await unlock();

  expect([found['locks'], held['locks']]).toMatchObject([
    [{ id: lock, pid: 4_194_304, holder: 'gone' }],
    [{ id: lock, holder: 'alive' }],
  ]);
  expect([refused, broken]).toEqual([{ broken: [] }, { broken: [lock] }]);
});

test('sets carry label, kind and parent, and a manifest from a snapshot of the source (R-DRILL-4)', async () => {
  const { sets } = await role('list', repository());

  expect([full, differential]).toMatchObject([
    { exitCode: 0, kind: 'full', parent: '', manifest: { counts: { 'shop.public.orders': 20_000 } } },
    { exitCode: 0, kind: 'differential', parent: setOf(full), manifest: { system: expect.stringMatching(/^\d+$/) } },
  ]);
  expect(sets).toEqual([
    expect.objectContaining({ setId: setOf(differential), label: 'b000000000002', parent: setOf(full) }),
    expect.objectContaining({ setId: setOf(full), label: 'b000000000001', kind: 'full', parent: '' }),
  ]);
});

test('a repeat of a backup finds the set of the first one', async () => {
  const again = await role('backup', { ...server(), pgPath: postgres.data, kind: 'full', label: 'b000000000001' });

  expect(again['setId']).toBe(setOf(full));
});

test('a restored set equals its manifest, dropped rows and a strange cluster do not, and destroy leaves nothing (R-DRILL-3, R-DRILL-5, R-DRILL-6)', async () => {
  const target = await place('p-whole');
  const asked = { manifest: differential['manifest'] ?? {}, atManifest: true };

  const replayed = await restoreInto(target, { set: setOf(differential) });
  const judged = await judge(target, asked);
  const early = await corrupt(target, 'dropped-rows', 'repository');
  const dropped = await corrupt(target, 'dropped-rows', 'restored');
  const fewer = await judge(target, { ...asked, fromLevel: 'V5' });
  const replaced = await corrupt(target, 'wrong-system', 'restored');
  const strange = await judge(target, { ...asked, fromLevel: 'V5' });
  const running = await processesIn(target.directory);
  const destroyed = await role('destroy', target);

  expect(replayed).toMatchObject({ started: true, fault: '', endedAtTarget: true });
  expect([failedAssertions(judged), levels(judged)]).toEqual([[], ['V3', 'V4', 'V5', 'V6']]);
  expect([early, dropped, replaced]).toMatchObject([{ applied: false }, { applied: true }, { applied: true }]);
  expect(failedAssertions(fewer)).toEqual([
    'row counts are those of the manifest',
    'sums are those of the manifest',
    'orders add up',
  ]);
  expect(failedAssertions(strange)).toContain('the system identifier is that of the source');
  expect(running).not.toEqual([]);
  expect([destroyed, await processesIn(target.directory)]).toEqual([{ leftovers: [] }, []]);
  expect(await readdir(target.directory)).toEqual(['.mainstay-place']);
}, 60_000);

test('a point in time brings back rows that were destroyed, and recovery ends at it (R-DRILL-2)', async () => {
  const target = await place('p-point');

  const replayed = await restoreInto(target, { set: setOf(differential), targetMs: beforeLossMs });
  const judged = await judge(target, { manifest: differential['manifest'] ?? {}, atManifest: false });
  const { differences } = await role('compare', { ...target, socket: postgres.socket, port: postgres.port });
  await role('destroy', target);

  expect(replayed).toMatchObject({ started: true, endedAtTarget: true });
  expect(Number(replayed['reachedMs'])).toBeGreaterThanOrEqual(heartbeatMs);
  expect(Number(replayed['reachedMs'])).toBeLessThanOrEqual(beforeLossMs);
  expect([failedAssertions(judged), judged['heartbeatAtMs']]).toEqual([[], heartbeatMs]);
  expect(differences).toContainEqual({
    name: 'shop.public.orders',
    live: expect.stringMatching(/^15000 rows/),
    restored: expect.stringMatching(/^20000 rows/),
  });
}, 40_000);

// Only root makes networks.
const rootTest = process.getuid?.() === 0 ? test : test.skip;

rootTest(
  'a cluster in a network of its own is used by its clients there, and by nobody outside (R-DRILL-1)',
  async () => {
    const at = { host: 'db1', label: 'p-isolated', parent: join(postgres.directory, 'places') };
    const opened = await runRole(library, 'backup/place/open', { ...at, isolate: true, identity: {} });
    const target = { directory: join(at.parent, at.label), network: `ms-${at.label}`, label: at.label };

    const replayed = await restoreInto(target, { set: setOf(differential) });
    const judged = await judge(target, { manifest: differential['manifest'] ?? {}, atManifest: true, fromLevel: 'V4' });
    const inside = await execute('ip', ['netns', 'pids', target.network]);
    const outside = await listens(5432, '127.0.0.1');
    const destroyed = await role('destroy', target);
    const closed = await runRole(library, 'backup/place/close', at);

    expect(opened).toMatchObject({ opened: true, directory: target.directory, network: target.network });
    expect([replayed['started'], failedAssertions(judged)]).toEqual([true, []]);
    expect([inside.stdout.trim() === '', outside]).toEqual([false, false]);
    expect([destroyed, closed['leftovers']]).toEqual([{ leftovers: [] }, []]);
  },
  60_000,
);

test('recovery that ends before its target does not start the service (R-DRILL-2)', async () => {
  const target = await place('p-beyond');

  const replayed = await restoreInto(target, { set: setOf(differential), targetMs: Date.now() + 60_000 });
  await role('destroy', target);

  expect(replayed).toMatchObject({ started: false, fault: 'backup', endedAtTarget: false });
  expect(replayed['reason']).toContain('recovery ended before configured recovery target was reached');
}, 40_000);

test('a segment that is missing in the middle is told, though PostgreSQL promotes silently (R-DRILL-2)', async () => {
  const target = await place('p-gap');
  const copy = join(postgres.directory, 'copy');
  await execute('cp', ['-a', postgres.repository, copy]);
  const archive = join(copy, 'archive', 'shop', '15-1', '0000000100000000');
  const segments = (await readdir(archive)).filter((name) => /^[0-9A-F]{24}-/.test(name)).toSorted();
  await rm(join(archive, segments.at(-2) ?? ''));

  const replayed = await restoreInto(target, { set: setOf(full), targetMs: -1, repository: copy });
  await role('destroy', target);

  expect(replayed).toMatchObject({ started: false, fault: 'backup', endedAtTarget: false });
  expect(replayed['reason']).toContain('a segment between them is missing');
}, 40_000);

test('a marker that is not that of the place is refused, and nothing is written (R-DRILL-1)', async () => {
  const target = await place('p-strange');

  const restored = await role('restore', {
    ...repository(),
    ...target,
    label: 'p-other',
    set: setOf(full),
    targetMs: 0,
  });

  expect(restored).toMatchObject({ restored: false, fault: 'place' });
  expect(await readdir(target.directory)).toEqual(['.mainstay-place']);
});

describe('what was corrupted on purpose is noticed (R-DRILL-5)', () => {
  test.each(['missing-wal', 'flipped-bytes', 'truncated-file'])(
    '%s of a copy of the repository',
    async (mutation) => {
      const target = await place(`p-${mutation}`);

      const mutated = await corrupt(target, mutation, 'repository');
      const copy = mutated['repository'] ?? '';
      const checked = await role('verify', {
        ...repository(),
        repository: copy,
        set: setOf(differential),
        level: 'V1',
        readPercent: 100,
        seed: 1,
      });
      const restored = await restoreInto(target, { set: setOf(differential), repository: copy });
      await role('destroy', target);

      expect(mutated).toMatchObject({ applied: true, repository: join(target.directory, 'repository') });
      expect(checked['intact']).toBe(false);
      expect(restored['fault']).toBe('backup');
      expect(await readdir(target.directory)).toEqual(['.mainstay-place']);
    },
    60_000,
  );
});

test('verify says intact of the repository itself (R-BKP-11)', async () => {
  const asked = { ...repository(), set: setOf(differential), level: 'V1', readPercent: 100, seed: 1 };

  expect(await role('verify', asked)).toEqual({ intact: true, readPercent: 100, problems: [] });
});

test('forget deletes exactly what it is told, and refuses what others need (R-BKP-8)', async () => {
  const incremental = await role('backup', {
    ...server(),
    pgPath: postgres.data,
    kind: 'incremental',
    label: 'b000000000003',
  });
  const forget = (sets: readonly Json[]) => role('forget', { ...repository(), sets });

  await expect(forget([setOf(full)])).rejects.toThrow('exit code 1');
  const forgotten = await forget([setOf(differential), setOf(incremental), '20200101-000000F']);
  const { sets } = await role('list', repository());

  expect(forgotten).toEqual({
    forgotten: [setOf(differential), setOf(incremental), '20200101-000000F'],
    freedBytes: expect.any(Number),
    intact: true,
  });
  expect(sets).toEqual([expect.objectContaining({ setId: setOf(full) })]);
}, 40_000);

test('swap is taken back when the server does not come up; once it stands, settle removes the original', async () => {
  const target = await place('p-swap');
  await restoreInto(target, { set: setOf(full), targetMs: beforeLossMs });
  const original = `${postgres.data}.mainstay-p-swap`;
  const start = control('start');
  // Does not start what was swapped in.
  const picky = ['sh', '-c', 'test ! -e "$1" || exit 1; shift; exec "$@"', 'sh', original, ...start];
  const about = { host: 'db1', service: 'shop', user: postgres.owner, source: ['shop'], socket: postgres.socket };
  const swap = { ...about, ...target, port: postgres.port, pgPath: postgres.data, stopServer: control('stop') };
  const settle = { host: 'db1', service: 'shop', source: ['shop'], original, label: 'p-swap' };
  const rows = (): Promise<string> => postgres.query('select count(*) from orders', 'shop');

  try {
    const unable = await library.run('backup/pgbackrest/swap', { ...swap, startServer: picky });
    const asBefore = await rows();
    const { original: kept } = await runRole(library, 'backup/pgbackrest/swap', { ...swap, startServer: start });
    const swapped = await rows();
    const settled = await runRole(library, 'backup/pgbackrest/settle', settle);

    expect([unable.outcome, asBefore]).toEqual(['undone', '15000']);
    expect([kept, swapped, settled]).toEqual([original, '20000', { removed: true }]);
    await expect(access(original)).rejects.toThrow('ENOENT');
  } finally {
    await role('destroy', target);
    await execute(control('stop')[0] ?? '', control('stop').slice(1));
    await postgres.restart();
  }
}, 60_000);
