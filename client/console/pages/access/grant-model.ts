import { parse } from 'yaml';

import { roles } from '../../../../workflows/domain/authorization';
import type { DefinitionView } from '../../answers';
import type { ShownGrant } from '../../kit/shown-grant';

export interface GrantDocument {
  readonly name: string;
  /** People, teams, and groups of the identity provider. */
  readonly to: readonly string[];
  /** Null: a later version of Mainstay has written it. */
  readonly grant: ShownGrant | null;
}

/** The newest version of each: the list has them oldest first. */
export function newestGrants(definitions: readonly Pick<DefinitionView, 'name' | 'text'>[]): readonly GrantDocument[] {
  const newest = new Map(definitions.map(({ name, text }) => [name, documentOf(name, text)] as const));
  return [...newest.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

function documentOf(name: string, text: string): GrantDocument {
  const spec = field(parse(text), 'spec');
  const role = roles.find((known) => known === field(spec, 'role'));
  const to = [
    ...textsIn(field(spec, 'people')),
    ...textsIn(field(spec, 'teams')),
    ...textsIn(field(spec, 'groups')).map((group) => `group ${group}`),
  ];
  return { name, to, grant: role === undefined ? null : { role, where: whereIn(field(spec, 'where')) } };
}

function whereIn(value: unknown): ShownGrant['where'] {
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([label, accepted]) => [label, textsIn(accepted)]));
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}
