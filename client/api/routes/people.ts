import { readPerson } from '../../../platform/people';
import type { DefinitionRow } from '../../../platform/store/store';
import type { Access } from '../../access';
import { readTeam } from '../../my-tasks';
import { PersonList, TeamList } from '../authoring-schema';
import type { ApiContext } from '../context';
import { defineRoute, get } from '../route';

const people = defineRoute({
  ...get('/people'),
  summary: 'People that are published, with the teams that they are in',
  action: 'definition.read',
  about: 'filtered',
  answer: PersonList,
  async handle({ caller: { access } }, { store }) {
    const [persons, teams] = [await seen(store, 'Person', access), (await seen(store, 'Team', access)).map(readTeam)];
    return {
      people: persons.map(({ name: login, text }) => {
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
  answer: TeamList,
  async handle({ caller: { access } }, { store }) {
    const found = (await seen(store, 'Team', access)).map(readTeam);
    return { teams: found.map((team) => ({ ...team, members: [...team.members] })) };
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
