import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { aptEnvironment, installedTool, makeRepository, prepareAptHost } from './apt-host';
import { openLibrary } from './library-stage';
import type { LibraryStage } from './library-stage';

const versions = [
  { version: '1.0', isWell: true },
  { version: '1.1', isWell: true },
  { version: '2.0', isWell: false },
];

let fleet: Fleet;
let library: LibraryStage;
let repository: string;

beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'mainstay-packages-'));
  await chmod(repository, 0o755);
  await makeRepository(repository, versions);
  fleet = await startFleet({ hosts: 3, names: ['h1', 'h2', 'h3'], environment: aptEnvironment });
  await Promise.all(fleet.hosts.map((host) => prepareAptHost(host, repository, '1.0')));
  library = await openLibrary({ fleet, groups: { h1: ['all'], h2: ['all'], h3: ['all'] } });
}, 60_000);

afterAll(async () => {
  await library.close();
  await fleet.stop();
  await rm(repository, { recursive: true, force: true });
});

function upgrade(version: string) {
  return library.run('patching/package-upgrade-rings', {
    hosts: 'all',
    packageName: 'tool',
    version,
    healthy: ['root/usr/bin/tool'],
    healthyWithin: 'PT2S',
    rings: [1, '100%'],
    bake: 'PT0S',
  });
}

const installed = (): Promise<readonly string[]> => Promise.all(fleet.hosts.map(installedTool));

test('a version that does not exist changes nothing', async () => {
  const run = await upgrade('9.9');

  expect(run.outcome).not.toBe('succeeded');
  expect(await installed()).toEqual(['1.0 install', '1.0 install', '1.0 install']);
});

test('a version that is not well goes back to the recorded one, and later rings never see it (R-ROLL-8)', async () => {
  const run = await upgrade('2.0');

  expect([run.outcome, run.error?.message]).toEqual(['undone', expect.stringContaining('POLL_EXPIRED')]);
  expect(await installed()).toEqual(['1.0 install', '1.0 install', '1.0 install']);
  expect(run.steps.find(({ id }) => id === 'install')?.hosts.map(({ name }) => name)).toEqual(['h1']);
}, 60_000);

test('a version that is well reaches every ring, and is held (R-ROLL-1)', async () => {
  const run = await upgrade('1.1');

  expect([run.outcome, run.outputs]).toEqual(['succeeded', { upgraded: 3 }]);
  expect(await installed()).toEqual(['1.1 hold', '1.1 hold', '1.1 hold']);
}, 60_000);
