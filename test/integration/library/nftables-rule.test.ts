import { findProgram } from '../../support/component';
import { startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { openNetworkNamespace } from '../../support/network-namespace';
import type { NetworkNamespace } from '../../support/network-namespace';
import { openLibrary } from './library-stage';
import type { LibraryStage } from './library-stage';

const address = '127.66.0.1';

let fleet: Fleet;
let namespace: NetworkNamespace;
let library: LibraryStage;

beforeAll(async () => {
  findProgram('nft', 'nftables');
  namespace = await openNetworkNamespace();
  await nft('add table inet filter');
  for (const set of ['blocked', 'unused']) await nft(`add set inet filter ${set} { type ipv4_addr; flags timeout; }`);
  await nft('add set inet filter lasting { type ipv4_addr; }');
  await nft('add chain inet filter input { type filter hook input priority 0; }');
  await nft('add rule inet filter input ip saddr @blocked drop');
  await nft('add rule inet filter input ip saddr @lasting drop');
  fleet = await startFleet({ hosts: 1, names: ['fw1'] });
  // Only root enters a namespace that root has made.
  const user = process.getuid?.() === 0 ? { user: 'root' } : {};
  library = await openLibrary({ fleet, groups: { fw1: ['firewalls'] }, ...user });
}, 60_000);

afterAll(async () => {
  await library.close();
  await fleet.stop();
  await namespace.close();
});

function nft(command: string): Promise<string> {
  return namespace.run('nft', command);
}

function block(expiry: string, set = 'blocked') {
  const nftInside = [...namespace.enter, 'nft'].join(' ');
  return library.run('network/nftables-rule-with-expiry', {
    hosts: 'firewalls',
    set,
    element: address,
    expiry,
    nft: nftInside,
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}

test('the address is in the set of a rule for its time, and then gone without anybody', async () => {
  const run = await block('4s');

  expect([run.outcome, run.outputs]).toEqual(['succeeded', { hosts: 1 }]);
  expect(await nft('list set inet filter blocked')).toContain(`${address} timeout 4s expires`);
  await until(async () => !(await nft('list set inet filter blocked')).includes(address));
}, 30_000);

test('an address that was there before is refused, and stays', async () => {
  await nft(`add element inet filter blocked { ${address} timeout 1h }`);

  const run = await block('1m');

  expect(run.outcome).toBe('failed');
  expect(await nft('list set inet filter blocked')).toContain(`${address} timeout 1h`);
  await nft(`delete element inet filter blocked { ${address} }`);
});

test('a set that no rule looks up is refused', async () => {
  expect((await block('1m', 'unused')).outcome).toBe('failed');
  expect(await nft('list set inet filter unused')).not.toContain(address);
});

test('a set whose elements cannot expire takes nothing', async () => {
  expect((await block('1m', 'lasting')).outcome).toBe('undone');
  expect(await nft('list set inet filter lasting')).not.toContain(address);
});
