import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ConnectorImplementation } from '../../activities/connector';
import { createSsh } from '../../activities/ssh/operations';
import { startFleet } from '../support/fleet/fleet';
import type { Fleet } from '../support/fleet/fleet';
import { openStage } from './stage';
import type { Stage } from './stage';

const names = ['web1', 'web2', 'web3', 'web4', 'web5', 'web6'];

/** Two runbooks over the same hosts; each host writes down in a file of its own when it goes out of service and comes back. */
function documents(fleet: Fleet): string {
  const hosts = fleet.hosts.map(
    ({ name, address, port, user, hostKey }) =>
      `    - {name: ${name}, address: ${address}, port: ${port}, user: ${user}, hostKey: '${hostKey}', groups: [web]}`,
  );
  const runbook = (name: string): string => `apiVersion: mainstay/v1
kind: Runbook
metadata: {name: ${name}, version: 1.0.0, owner: team/web}
spec:
  steps:
    - id: roll
      rollout: {targets: '\${{ inventory.hosts }}', waves: [100%], parallel: 3, onFailure: stop}
      steps:
        - {id: drain, run: 'echo "$(date +%s%N) out ${name}" >> events', undo: none}
        - {id: work, run: 'sleep 0.2; test ! -e broken', undo: none}
        - {id: undrain, run: 'echo "$(date +%s%N) in ${name}" >> events', undo: none}
`;
  return [
    runbook('patch'),
    runbook('restart'),
    `apiVersion: mainstay/v1
kind: Inventory
metadata: {name: hosts, version: 1.0.0}
spec:
  connection: fleet
  redundancy: {web: {members: web, maxOut: 1}}
  groups: {web: {}}
  hosts:
${hosts.join('\n')}
`,
    `apiVersion: mainstay/v1
kind: Connection
metadata: {name: fleet, version: 1.0.0}
spec: {type: ssh, key: 'file:${fleet.keyFile}'}
`,
  ].join('---\n');
}

let fleet: Fleet;
let ssh: ConnectorImplementation;
let stage: Stage;

beforeAll(async () => {
  fleet = await startFleet({ hosts: names.length, names });
  const { directory: homeDirectory } = fleet;
  const login = { homeDirectory, agentSocket: undefined, acceptedKeysFile: join(homeDirectory, 'accepted') };
  ssh = createSsh({ login });
  stage = await openStage({ documents: documents(fleet), connectors: { ssh }, grants: ['file:'] });
}, 90_000);

afterAll(async () => {
  await stage.close();
  await ssh.close();
  await fleet.stop();
});

interface Change {
  readonly at: bigint;
  readonly by: 1 | -1;
}

async function changesOf(home: string): Promise<readonly Change[]> {
  const lines = (await readFile(join(home, 'events'), 'utf8')).trim().split('\n');
  return lines.map((line) => {
    const [at = '0', what] = line.split(' ');
    return { at: BigInt(at), by: what === 'out' ? 1 : -1 };
  });
}

test('two rollouts at once over six hosts of which one may be out: the hosts themselves saw never more (R-ROLL-1, D13)', async () => {
  const runs = [await stage.start('patch'), await stage.start('restart')];
  const ended = await Promise.all(runs.map((id) => stage.until(id, ({ state }) => state === 'closed')));

  expect(ended.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
  const changes = (await Promise.all(fleet.hosts.map(({ home }) => changesOf(home)))).flat();
  let out = 0;
  let most = 0;
  for (const { by } of changes.toSorted((left, right) => Number(left.at - right.at))) {
    out += by;
    most = Math.max(most, out);
  }
  expect([changes.length, out, most]).toEqual([24, 0, 1]);
  expect(await stage.under.store.locks.list()).toEqual([]);
  const tokens = (await stage.under.store.journal.read('locks', { kinds: ['lock.granted'] })).map(({ seq }) => seq);
  expect(tokens).toHaveLength(12);
}, 90_000);

test('a host that failed counts as out until a person frees its seat; the run that waits for it goes on at once (R-ROLL-1, D13)', async () => {
  const broken = join(fleet.hosts[2]?.home ?? '', 'broken');
  await writeFile(broken, '');
  const failed = await stage.until(await stage.start('patch'), ({ state }) => state === 'closed');
  const left = await stage.under.store.locks.list();
  const waiting = await stage.start('restart');
  const { reason } = await stage.until(waiting, ({ state }) => state === 'waiting');

  await rm(broken);
  await stage.under.store.locks.free({
    name: 'redundancy/web/web3',
    by: 'user/anna',
    reason: 'looked at it',
    via: 'test',
    at: 1,
  });
  await stage.engine.wakeWaiting();
  const ended = await stage.until(waiting, ({ state }) => state === 'closed');

  expect(failed.outcome).toBe('failed');
  expect(left).toMatchObject([{ name: 'redundancy/web/web3', state: 'orphaned', runId: failed.id }]);
  expect(reason).toContain(failed.id);
  expect(ended.outcome).toBe('succeeded');
  expect(await stage.under.store.locks.list()).toEqual([]);
}, 90_000);
