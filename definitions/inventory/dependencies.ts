import { dependencyGraph } from '../../workflows/domain/dependency-graph';
import type { Dependency, DependencyGraph } from '../../workflows/domain/dependency-graph';
import type { ResolvedInventory } from '../inventory';

/** R-CONF-1: what needs what. A service is the parent of its hosts and of the items that it depends on. */
export function dependencyGraphOf(inventory: ResolvedInventory): DependencyGraph {
  const dependencies: Dependency[] = [];
  for (const [parent, { runsOn = [], dependsOn = [] }] of Object.entries(inventory.items)) {
    const children = new Set([...runsOn.flatMap((place) => hostsAt(place, inventory)), ...dependsOn]);
    for (const child of children) dependencies.push({ parent, child });
  }
  return dependencyGraph(dependencies);
}

/** Configuration items of hosts that are worked on; the services on them are their parents in the graph. */
export function itemsOf(hosts: readonly string[]): readonly string[] {
  return hosts.map(hostItem);
}

/** Names of the calendars that apply to each item: a host has its own and those of the groups that it is in. */
export function calendarsOf(inventory: ResolvedInventory): ReadonlyMap<string, readonly string[]> {
  const calendars = new Map<string, readonly string[]>();
  const note = (item: string, names: readonly string[]): void => {
    if (names.length > 0) calendars.set(item, [...new Set(names)].sort());
  };
  for (const { name, maintenance = [] } of inventory.hosts) note(hostItem(name), maintenance);
  for (const [item, { maintenance = [] }] of Object.entries(inventory.items)) note(item, maintenance);
  return calendars;
}

function hostItem(host: string): string {
  return `host/${host}`;
}

/** `group/web` stands for the hosts that are in it now. */
function hostsAt(place: string, { groups }: ResolvedInventory): readonly string[] {
  const group = place.startsWith('group/') ? place.slice('group/'.length) : null;
  if (group === null) return [place];
  return itemsOf(Object.hasOwn(groups, group) ? (groups[group] ?? []) : []);
}
