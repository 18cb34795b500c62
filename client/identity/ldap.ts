import { Filter } from 'ldapts';
import type { Client } from 'ldapts';

import type { LdapSettings } from '../../platform/identity-settings';
import { withDirectory } from '../../platform/ldap-connection';
import { messageOf } from '../../platform/system-error';

/** Who is in which group, by a directory. */
export interface GroupDirectory {
  groupsOf(login: string): Promise<DirectoryAnswer>;
}

export type DirectoryAnswer =
  | { readonly kind: 'groups'; readonly groups: readonly string[] }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** One connection for each question: they are minutes apart. */
export function createLdapDirectory(settings: LdapSettings): GroupDirectory {
  return {
    async groupsOf(login) {
      try {
        return {
          kind: 'groups',
          groups: await withDirectory(settings, (client) => findGroups(client, settings, login)),
        };
      } catch (error) {
        return { kind: 'unavailable', reason: `Cannot read groups at "${settings.url}": ${messageOf(error)}` };
      }
    },
  };
}

async function findGroups(client: Client, settings: LdapSettings, login: string): Promise<readonly string[]> {
  const { base, groupFilter, groupName } = settings;
  const dn = groupFilter.includes('{dn}') ? await findPerson(client, settings, login) : '';
  if (dn === null) return [];
  const { searchEntries } = await client.search(base, {
    scope: 'sub',
    filter: fillIn(groupFilter, { login, dn }),
    attributes: [groupName],
    paged: true,
  });
  const names = searchEntries.flatMap((entry) => textsOf(entry[groupName]));
  return [...new Set(names)].toSorted();
}

/** Null: nobody of this login, or more than one, of whom none is meant. */
async function findPerson(client: Client, settings: LdapSettings, login: string): Promise<string | null> {
  const { searchEntries } = await client.search(settings.base, {
    scope: 'sub',
    filter: fillIn(settings.personFilter, { login }),
    attributes: ['1.1'],
  });
  const [only, ...others] = searchEntries;
  return only === undefined || others.length > 0 ? null : only.dn;
}

/** What is filled in is one value, whatever stands in it. */
function fillIn(filter: string, values: Readonly<Record<string, string>>): string {
  return filter.replace(/\{(login|dn)\}/g, (_whole, name: string) => Filter.escape(values[name] ?? ''));
}

/** An attribute of one value is not in a list. */
function textsOf(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'string');
}
