import { appendFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { startArchivedPostgres } from '../../support/postgres-archived';
import type { ArchivedPostgres } from '../../support/postgres-archived';
import type { Json, JsonObject } from '../../../workflows/domain/json';
import { openLibrary } from './library-stage';
import type { LibraryStage } from './library-stage';
import { textAt } from './backup-stage';
import { failedAssertions, openFolder, processesIn, runRole } from './provider-stage';
import type { Place } from './provider-stage';

let fleet: Fleet;
let library: LibraryStage;
let postgres: ArchivedPostgres;
let first: JsonObject;
let second: JsonObject;

beforeAll(async () => {
  [fleet, postgres] = await Promise.all([
    startFleet({ hosts: 1, names: ['db1'], kind: 'sshd' }),
    startArchivedPostgres('dumped'),
  ]);
  // Only root becomes the account of the cluster.
  const login = process.getuid?.() === 0 ? { user: 'root' } : {};
  const grants = [`file:${postgres.directory}/`];
  library = await openLibrary({ fleet, groups: { db1: ['databases'] }, grants, ...login });
  await postgres.query('create role app login');
  await postgres.query('create database shop owner app');
  await postgres.query(
    `create table mainstay_heartbeat (at timestamptz);
     insert into mainstay_heartbeat values (now());
     create table orders as select g as id, md5(g::text) as what, g % 100 as cents from generate_series(1, 20000) g`,
    'shop',
  );
  first = await role('backup', { ...server(), kind: 'full', label: 'b000000000011' });
  second = await role('backup', { ...server(), kind: 'differential', label: 'b000000000012' });
}, 60_000);

afterAll(async () => {
  await library.close();
  await fleet.stop();
  await postgres.stop();
});

const repository = (): JsonObject => ({
  repository: join(postgres.directory, 'dumps'),
  password: `file:${postgres.passwordFile}`,
});
const server = (): JsonObject => ({ ...repository(), socket: postgres.socket, port: postgres.port });
const setOf = (backup: JsonObject): Json => backup['setId'] ?? '';
const place = (label: string): Promise<Place> => openFolder(postgres.directory, label);

function role(name: string, inputs: JsonObject): Promise<JsonObject> {
  const about = { host: 'db1', service: 'shop', user: postgres.owner };
  const source = name === 'destroy' ? {} : { source: ['shop'] };
  return runRole(library, `backup/pgdump/${name}`, { ...about, ...source, ...inputs });
}

function verify(inputs: JsonObject): Promise<JsonObject> {
  return role('verify', { ...repository(), set: setOf(first), level: 'V1', readPercent: 100, seed: 1, ...inputs });
}

function judge(target: Place): Promise<JsonObject> {
  const assertions = [{ name: 'orders add up', query: 'select sum(cents) from orders', expect: 990_000 }];
  const manifest = first['manifest'] ?? {};
  return role('assert', { ...target, manifest, atManifest: true, fromLevel: 'V3', assertions, client: 'app' });
}

function major(version: Json | undefined): number {
  return typeof version === 'string' ? parseInt(version, 10) : -1;
}

test('dumps are listed with their labels, and the tool is not older than the server (R-BKP-11, R-DRILL-4)', async () => {
  const { sets } = await role('list', repository());
  const { toolVersion, serverVersion, locks, lagSeconds } = await role('preflight', server());

  expect(first).toMatchObject({
    exitCode: 0,
    kind: 'full',
    parent: '',
    manifest: { counts: { 'shop.public.orders': 20_000 } },
  });
  expect(sets).toEqual([
    expect.objectContaining({ setId: setOf(second), label: 'b000000000012', kind: 'full' }),
    expect.objectContaining({ setId: setOf(first), label: 'b000000000011', kind: 'full' }),
  ]);
  expect([major(toolVersion), locks, lagSeconds]).toEqual([major(serverVersion), [], -1]);
  expect(await verify({})).toEqual({ intact: true, readPercent: 100, problems: [] });
});

test('a restored dump equals its manifest, dropped rows do not, and destroy leaves nothing (R-DRILL-3, R-DRILL-6)', async () => {
  const target = await place('p-whole');

  const restored = await role('restore', { ...repository(), ...target, set: setOf(first), targetMs: 0 });
  const replayed = await role('replay', { ...target, targetMs: 0, stableMs: 100 });
  const judged = await judge(target);
  const dropping = {
    ...repository(),
    ...target,
    set: setOf(first),
    mutation: 'dropped-rows',
    stage: 'restored',
    seed: 2,
  };
  const dropped = await role('mutate', dropping);
  const fewer = await judge(target);
  const destroyed = await role('destroy', target);

  expect([restored, replayed]).toMatchObject([
    { restored: true, fault: '' },
    { started: true, endedAtTarget: true },
  ]);
  expect(failedAssertions(judged)).toEqual([]);
  expect(dropped).toMatchObject({ applied: true });
  expect(failedAssertions(fewer)).toEqual([
    'row counts are those of the manifest',
    'sums are those of the manifest',
    'orders add up',
  ]);
  expect([destroyed, await processesIn(target.directory)]).toEqual([{ leftovers: [] }, []]);
  expect(await readdir(target.directory)).toEqual(['.mainstay-place']);
}, 40_000);

test.each(['flipped-bytes', 'truncated-file'])(
  '%s of a dump are noticed before it is loaded (R-DRILL-5)',
  async (mutation) => {
    const target = await place(`p-${mutation}`);
    const asked = { ...repository(), ...target, set: setOf(first) };

    const { applied, repository: copy = '' } = await role('mutate', {
      ...asked,
      mutation,
      stage: 'repository',
      seed: 1,
    });
    const { intact } = await verify({ repository: copy });
    const restored = await role('restore', { ...asked, repository: copy, targetMs: 0 });
    await role('destroy', target);

    expect([applied, intact, restored]).toMatchObject([true, false, { restored: false, fault: 'backup' }]);
    expect(await readdir(target.directory)).toEqual(['.mainstay-place']);
  },
);

test('a dump of another cluster is noticed by name (R-DRILL-5)', async () => {
  const target = await place('p-strange');
  const asked = { ...repository(), ...target, set: setOf(first) };

  const { repository: copy = '' } = await role('mutate', {
    ...asked,
    mutation: 'wrong-system',
    stage: 'repository',
    seed: 1,
  });
  await role('restore', { ...asked, repository: copy, targetMs: 0 });
  const judged = await judge(target);
  await role('destroy', target);

  expect(failedAssertions(judged)).toEqual(['the system identifier is that of the source']);
}, 40_000);

test('a marker that is not that of the place is refused, and nothing is written (R-DRILL-1)', async () => {
  const target = await place('p-other');

  const restored = await role('restore', {
    ...repository(),
    ...target,
    label: 'p-else',
    set: setOf(first),
    targetMs: 0,
  });

  expect(restored).toMatchObject({ restored: false, fault: 'place' });
  expect(await readdir(target.directory)).toEqual(['.mainstay-place']);
});

test('a copy offsite is the same set, is held against its digests there, and is made anew where it is damaged', async () => {
  const offsite = join(postgres.directory, 'offsite');
  const asked = { ...repository(), offsite, set: setOf(first), kind: 'full', label: 'b000000000011' };
  await expect(role('copy', asked)).rejects.toThrow('exit code 1');
  await mkdir(offsite);

  const copied = await role('copy', asked);
  const damaged = join(offsite, 'shop', textAt(first, 'setId'), 'shop.dump');
  await appendFile(damaged, 'x');
  const noticed = await verify({ repository: offsite });
  const again = await role('copy', asked);

  expect(copied).toEqual({ setId: first['setId'], intact: true, problems: [] });
  expect(noticed).toMatchObject({ intact: false });
  expect(again).toEqual(copied);
  expect(await verify({ repository: offsite })).toMatchObject({ intact: true });
});

test('forget deletes exactly what it is told', async () => {
  const forgotten = await role('forget', { ...repository(), sets: [setOf(first), '20200101-000000-gone'] });
  const { sets } = await role('list', repository());

  expect(forgotten).toEqual({
    forgotten: [setOf(first), '20200101-000000-gone'],
    freedBytes: expect.any(Number),
    intact: true,
  });
  expect(sets).toEqual([expect.objectContaining({ setId: setOf(second) })]);
});
