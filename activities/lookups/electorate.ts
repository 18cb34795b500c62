import type { Store } from '../../platform/store/store';
import { candidatePrefixes, principalsOf } from '../../workflows/domain/approval-candidate';
import type { Delegation } from '../../workflows/domain/approval-electorate';
import type { Lookups } from '../../workflows/effects';
import { Directory } from './directory';
import { instantOf, onCallAt } from './on-call';

type Asked = Lookups['electorate']['asked'];

/** R-APPR-4: who may be asked now, from what is published now. Nobody who has left is among them, in any part. */
export async function electorate(
  store: Pick<Store, 'definitions'>,
  { slots, people, facts, at }: Asked,
): Promise<Lookups['electorate']['answer']> {
  const directory = new Directory(store);
  const problems = new Set<string>();
  const resolved: { [slot: string]: readonly string[] } = {};
  const seen = new Set(people);
  for (const { id, candidates } of slots) {
    const found: string[] = [];
    for (const candidate of candidates) {
      const { principals, problem } = principalsOf(candidate, facts);
      if (problem !== null) problems.add(problem);
      for (const principal of principals) {
        const named = await peopleOf(principal, { directory, at });
        if (named.problem !== null) problems.add(named.problem);
        found.push(...named.people);
        for (const person of named.people) seen.add(person);
      }
    }
    resolved[id] = await activeAmong(found, directory);
  }
  const all = [...seen];
  const active = await activeAmong(all, directory);
  return {
    slots: resolved,
    delegations: await delegationsOf(active, directory),
    managers: await managersOf(active, directory),
    inactive: all.filter((person) => !active.includes(person)),
    problems: [...problems],
  };
}

interface Looking {
  readonly directory: Directory;
  readonly at: number;
}

/** Who a person, a team or a roster stands for at an instant. */
export /** Whom a principal stands for at an instant. */
async function peopleOf(
  principal: string,
  { directory, at }: Looking,
): Promise<{ readonly people: readonly string[]; readonly problem: string | null }> {
  if (principal.startsWith(candidatePrefixes.team)) {
    const members = await directory.members(principal);
    if (members === null) return nobody(`"${principal}" is not published`);
    return { people: members.filter((member) => member.startsWith(candidatePrefixes.user)), problem: null };
  }
  if (!principal.startsWith(candidatePrefixes.onCall)) return { people: [principal], problem: null };
  const roster = await directory.roster(principal);
  if (roster === null) return nobody(`"${principal}" is not published`);
  const inTurn = await activeAmong(onCallAt(roster, at), directory);
  const [first] = inTurn;
  return first === undefined ? nobody(`"${principal}" has nobody on call`) : { people: [first], problem: null };
}

function nobody(problem: string): { readonly people: readonly string[]; readonly problem: string } {
  return { people: [], problem };
}

/** Each once. */
async function activeAmong(people: readonly string[], directory: Directory): Promise<readonly string[]> {
  const active: string[] = [];
  for (const person of new Set(people)) if ((await directory.person(person)).active) active.push(person);
  return active;
}

/** Also those that are over or still to come: which holds is decided at the instant of the vote. */
async function delegationsOf(people: readonly string[], directory: Directory): Promise<readonly Delegation[]> {
  const all: Delegation[] = [];
  for (const from of people) {
    const { delegations, zone } = await directory.person(from);
    for (const { to, start, end } of delegations) {
      if (!(await directory.person(to)).active) continue;
      all.push({ from, to, start: instantOf(start, zone), end: instantOf(end, zone) });
    }
  }
  return all;
}

/** The next one above who has not left. */
async function managersOf(people: readonly string[], directory: Directory): Promise<{ [person: string]: string }> {
  const managers: { [person: string]: string } = {};
  for (const person of people) {
    const above = new Set([person]);
    let { manager } = await directory.person(person);
    while (manager !== undefined && !above.has(manager)) {
      const next = await directory.person(manager);
      if (next.active) break;
      above.add(manager);
      manager = next.manager;
    }
    if (manager !== undefined && !above.has(manager)) managers[person] = manager;
  }
  return managers;
}
