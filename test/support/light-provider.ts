import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';

import { packageRoot } from '../../platform/package-root';

const Contract = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ outputs: z.record(z.string(), z.looseObject({ type: z.string() })) }),
});
type Contract = z.infer<typeof Contract>;

/** What the roles tell that is more than nothing. */
const told: { readonly [role: string]: { readonly [output: string]: unknown } } = {
  preflight: { toolVersion: '1.0', freeBytes: 1_000_000, lagSeconds: -1 },
  backup: { setId: 'set', kind: 'full', sizeBytes: 1_000, digest: 'sha256:1', manifest: { counts: { orders: 12 } } },
  verify: { intact: true, readPercent: 100 },
  restore: { restored: true, path: '/place/data' },
  assert: { results: [{ name: 'orders', level: 'V5', ok: true, detail: '' }] },
  open: { opened: true, directory: '/place', network: 'place', fingerprint: 'bench' },
  close: { sunk: 2 },
};

const places = ['open', 'close', 'sweep'];
const roles = ['preflight', 'backup', 'verify', 'list', 'forget', 'restore', 'assert', 'destroy', ...places];
const empty: { readonly [type: string]: unknown } = { string: '', integer: 0, boolean: false, array: [], object: {} };

/** The provider `light`, and places, that keep the contracts and do nothing: what is left is what the engine itself costs. */
export function lightProvider(): readonly string[] {
  const text = readFileSync(join(packageRoot(), 'definitions', 'library', 'backup', 'contract.yaml'), 'utf8');
  return parseAllDocuments(text).flatMap((document) => {
    const contract = Contract.parse(document.toJS());
    const role = contract.metadata.name.replace('backup/', '');
    return roles.includes(role) ? [stringify(kept(contract, role))] : [];
  });
}

/** A host that nobody has to reach. */
export const nowhere = `apiVersion: mainstay/v1
kind: Inventory
metadata: { name: nowhere }
spec: { hosts: [{ name: nowhere }] }
`;

/** A plan of the provider `light`, with drills. */
export function lightPlan(
  name: string,
  owner: `team/${string}`,
  at = { inventory: 'nowhere', host: 'nowhere' },
): string {
  return stringify({
    apiVersion: 'mainstay/v1',
    kind: 'BackupPlan',
    metadata: { name, owner },
    spec: {
      service: name,
      provider: 'light',
      ...at,
      source: ['/srv'],
      repositories: { primary: { location: `/backup/${name}` } },
      backups: [{ id: 'once' }],
      drill: { identity: { hostName: 'nowhere' }, directory: '/srv/places' },
    },
  });
}

function kept(contract: Contract, role: string): object {
  const { metadata, spec } = contract;
  const name = `backup/${places.includes(role) ? 'place' : 'light'}/${role}`;
  const outputs = Object.entries(spec.outputs).map(([output, declared]) => {
    const value = told[role]?.[output] ?? empty[declared.type] ?? null;
    return [output, { type: declared.type, value }] as const;
  });
  return {
    ...contract,
    metadata: { ...metadata, name },
    spec: { implements: `backup/${role}@1`, ...spec, outputs: Object.fromEntries(outputs) },
  };
}
