import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { openLibrary } from './library-stage';
import type { LibraryStage } from './library-stage';

let fleet: Fleet;
let library: LibraryStage;

beforeAll(async () => {
  fleet = await startFleet({ hosts: 3, names: ['h1', 'h2', 'h3'] });
  for (const { home } of fleet.hosts) await writeFile(join(home, 'boot_id'), 'first\n');
  const groups = { h1: ['all'], h2: ['all'], h3: ['all'] };
  library = await openLibrary({ fleet, groups, ssh: { bootIdPath: '~/boot_id' } });
}, 60_000);

afterAll(async () => {
  await library.close();
  await fleet.stop();
});

/** What a restart is to these hosts: another boot id. */
const restart = 'echo x >>restarts; echo "boot-$(date +%s%N)" >next && mv -f next boot_id';

function reboot(inputs: { readonly healthy: readonly string[]; readonly kernel?: string }) {
  return library.run('server/reboot', {
    hosts: 'all',
    reboot: ['sh', '-c', restart],
    within: 'PT10S',
    healthyWithin: 'PT2S',
    waves: [1, '100%'],
    parallel: 2,
    bake: 'PT0S',
    ...inputs,
  });
}

function restarts(): Promise<readonly number[]> {
  return Promise.all(
    fleet.hosts.map(async ({ home }) => (await readFile(join(home, 'restarts'), 'utf8').catch(() => '')).length / 2),
  );
}

test('a host that does not get well stops the rollout, and the others are not restarted (R-ROLL-2, R-ROLL-10)', async () => {
  // Well before its restart, and not after it.
  const run = await reboot({ healthy: ['sh', '-c', 'grep -q first boot_id'] });

  expect([run.outcome, run.error?.message]).toEqual(['failed', expect.stringContaining('POLL_EXPIRED')]);
  expect(await restarts()).toEqual([1, 0, 0]);
});

test('a kernel that is not the wanted one is a failure', async () => {
  const run = await reboot({ healthy: ['true'], kernel: 'another' });

  expect(run.outcome).toBe('failed');
  expect(await restarts()).toEqual([2, 0, 0]);
});

test('every host restarts once, and is well again (R-ROLL-11)', async () => {
  const run = await reboot({ healthy: ['true'] });

  expect([run.outcome, run.outputs]).toEqual(['succeeded', { restarted: 3 }]);
  expect(await restarts()).toEqual([3, 1, 1]);
});
