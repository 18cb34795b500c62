import { stringify } from 'yaml';

import type { Fleet } from '../../test/support/fleet/fleet';

/**
 * The inventory of a fleet as a document, with a `role: web` label on every host. Its key needs a grant of the owner. `login`: whom to log
 * in as; absent: the account of the fleet.
 */
export function fleetInventory(fleet: Fleet, owner: `team/${string}`, login?: string): string {
  const metadata = { version: '1.0.0', owner };
  const inventory = {
    apiVersion: 'mainstay/v1',
    kind: 'Inventory',
    metadata: { name: 'fleet', title: 'Hosts on loopback', ...metadata },
    spec: {
      connection: 'fleet',
      hosts: fleet.hosts.map((host) => ({
        name: host.name,
        address: host.address,
        port: host.port,
        user: login ?? host.user,
        hostKey: host.hostKey,
        labels: { role: 'web' },
      })),
    },
  };
  const connection = {
    apiVersion: 'mainstay/v1',
    kind: 'Connection',
    metadata: { name: 'fleet', title: 'The key of the fleet', ...metadata },
    spec: { type: 'ssh', key: `file:${fleet.keyFile}` },
  };
  return `${stringify(inventory)}---\n${stringify(connection)}`;
}
