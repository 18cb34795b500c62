import { z } from 'zod';

import { readPerson } from '../../../platform/people';
import type { DefinitionRow } from '../../../platform/store/store';
import type { Access } from '../../access';
import { readTeam } from '../../my-tasks';
import { PersonList, TeamList } from '../authoring-schema';
import type { ApiContext } from '../context';
import { pageOf, pageQuery } from '../page';
import { defineRoute, get } from '../route';

const people = defineRoute({
  ...get('/people'),
  summary: 'People that are published, with the teams that they are in',
  action: 'definition.read',
  about: 'filtered',
  query: z.strictObject(pageQuery),
  answer: PersonList,
  async handle({ query, caller: { access } }, { store }) {
    const [persons, teams] = [await seen(store, 'Person', access), (await seen(store, 'Team', access)).map(readTeam)];
    const { page, next } = pageOf(persons, query, { keyOf: ({ name }) => [name] });
    return {
      next,
      people: page.map(({ name: login, text }) => {
        const { reference, name, email, zone, active } = readPerson(login, text);
        const own = teams.filter(({ members }) => members.includes(reference)).map((team) => team.reference);
        return { reference, name, email, zone, active, teams: own };
      }),
    };
  },
});

const teams = defineRoute({
  ...get('/teams'),
  summary: 'Teams that are published, with their members',
  action: 'definition.read',
  about: 'filtered',
  query: z.strictObject(pageQuery),
  answer: TeamList,
  async handle({ query, caller: { access } }, { store }) {
    const found = (await seen(store, 'Team', access)).map(readTeam);
    const { page, next } = pageOf(found, query, { keyOf: ({ reference }) => [reference] });
    return { next, teams: page.map((team) => ({ ...team, members: [...team.members] })) };
  },
});

/** The newest version of each. */
async function seen(
  { definitions }: ApiContext['store'],
  kind: string,
  access: Access,
): Promise<readonly DefinitionRow[]> {
  const newest = new Map<string, DefinitionRow>();
  // Oldest version first: the last one of a name stands.
  for (const row of await definitions.list({ kind })) newest.set(row.name, row);
  return [...newest.values()].filter(({ scope }) => access.may('definition.read', scope));
}

export const peopleRoutes = [people, teams] as const;
