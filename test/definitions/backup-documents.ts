import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { neededRoles } from '../../definitions/backup-provider';
import { documentText } from './documents';

const contract = readFileSync(join(__dirname, '../../definitions/library/backup/contract.yaml'), 'utf8');

/** A provider of the given roles, each as its contract says and no more. */
export function providerText(provider: string, roles: readonly string[] = neededRoles): string {
  return contract
    .split('\n---\n')
    .flatMap((text) => {
      const [, role = ''] = /name: backup\/([a-z]+),/.exec(text) ?? [];
      if (!roles.includes(role)) return [];
      return [
        text
          .replace(`name: backup/${role},`, `name: backup/${provider}/${role},`)
          .replace('\nspec:\n', `\nspec:\n  implements: backup/${role}@1\n`),
      ];
    })
    .join('\n---\n');
}

export const contractText = contract;

/** A provider whose `mutate` can do what is named. */
export function mutatingProvider(provider: string, mutations: readonly string[]): string {
  return providerText(provider, [...neededRoles, 'mutate', 'copy']).replace(
    'mutation: { type: string,',
    `mutation: { type: string, enum: [${mutations.join(', ')}],`,
  );
}

/** The least plan, with further lines below `spec`; `over` takes the place of lines that it names. */
export function planText(...lines: readonly string[]): string {
  const given = new Set(lines.map((line) => line.replaceAll('§', '').split(':')[0] ?? ''));
  const least = [
    'service: shop',
    'provider: fake',
    'inventory: lab',
    'host: web1',
    'source: [/srv/shop]',
    'repositories: {primary: {location: /backup}}',
    'backups: [{id: nightly}]',
  ].filter((line) => !given.has(line.split(':')[0] ?? ''));
  return documentText('BackupPlan', ...least, ...lines).replace(
    'metadata: {name: sample}',
    'metadata: {name: sample, owner: team/ops}',
  );
}

export const surroundings = [
  documentText('Team', 'members: [user/anna]').replace('sample', 'ops'),
  documentText('Inventory', 'hosts: [{name: web1}, {name: drill1}]').replace('sample', 'lab'),
].join('---\n');
