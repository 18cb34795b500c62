import { parse } from 'yaml';
import { z } from 'zod';

import type { DefinitionRow, Store } from '../platform/store/store';

/** What is needed of a published team. It was checked when it was published. */
const PublishedTeam = z.object({
  metadata: z.looseObject({ title: z.string().default('') }),
  spec: z.looseObject({ members: z.array(z.string()) }),
});

export interface TeamView {
  readonly reference: string;
  readonly title: string;
  readonly version: string;
  readonly members: readonly string[];
}

export function readTeam({ name, version, text }: DefinitionRow): TeamView {
  const { metadata, spec } = PublishedTeam.parse(parse(text));
  return { reference: `team/${name}`, title: metadata.title, version, members: spec.members };
}

/** Under which names somebody is asked: their own, and those of their teams as published now. */
export async function principalsOf({ definitions }: Pick<Store, 'definitions'>, actor: string): Promise<string[]> {
  const newest = new Map<string, TeamView>();
  // Oldest version first: the last one of a name stands.
  for (const row of await definitions.list({ kind: 'Team' })) newest.set(row.name, readTeam(row));
  const own = [...newest.values()].filter(({ members }) => members.includes(actor));
  return [actor, ...own.map(({ reference }) => reference)];
}
