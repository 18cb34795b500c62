import { stringify } from 'yaml';

import type { ArchivedPostgres } from '../../test/support/postgres-archived';

export const planName = 'shop-db';

/** The plan of the demo's database. Drills run on its own host, which has to prove who it is before anything is written. */
export function backupPlanText(cluster: ArchivedPostgres, places: string, hostName: string): string {
  const spec = {
    service: 'shop',
    provider: 'pgbackrest',
    inventory: 'fleet',
    host: 'db1',
    source: ['shop'],
    with: {
      socket: cluster.socket,
      port: cluster.port,
      pgPath: cluster.data,
      lockPath: cluster.lockPath,
      user: cluster.owner,
      assertions: [
        { name: 'orders are paid', database: 'shop', query: 'select count(*) from orders where cents <= 0', expect: 0 },
      ],
    },
    repositories: { primary: { location: cluster.repository, password: `file:${cluster.passwordFile}` } },
    backups: [{ id: 'full', kind: 'full' }],
    // Some seconds pass between two backups here; the size of a fresh database moves.
    success: { trend: 100 },
    retention: { daily: 14, minimumRedundancy: 3 },
    drill: {
      directory: places,
      identity: { hostName },
      stableFor: '1s',
      mutations: ['dropped-rows', 'wrong-system'],
    },
    objectives: { rpo: '5m', rto: '2m' },
    restore: { approvers: ['team/shop'] },
  };
  return stringify({
    apiVersion: 'mainstay/v1',
    kind: 'BackupPlan',
    metadata: { name: planName, version: '1.0.0', title: 'Database of the shop', owner: 'team/shop' },
    spec,
  });
}
