import type { SeatLimits } from '../../workflows/domain/seats';
import { percentOf } from '../../workflows/domain/waves';
import type { Redundancy } from '../kinds/inventory';

/** Hosts that stand in for each other, and how many of them may be out of service at once. */
export interface RedundancyGroup {
  readonly members: readonly string[];
  readonly limit: number;
}

export type RedundancyGroups = { readonly [name: string]: RedundancyGroup };

/** R-ROLL-1: the limits over what the inventory has now; a group without any host is none. */
export function redundancyGroups(
  declared: { readonly [name: string]: Redundancy },
  inventory: { readonly hosts: ReadonlySet<string>; readonly groups: { readonly [name: string]: readonly string[] } },
): RedundancyGroups {
  const groups: { [name: string]: RedundancyGroup } = {};
  for (const [name, redundancy] of Object.entries(declared)) {
    const members = membersOf(redundancy, inventory);
    if (members.length > 0) groups[name] = { members, limit: limitOf(redundancy, members.length) };
  }
  return groups;
}

function membersOf(
  { members }: Redundancy,
  { hosts, groups }: Parameters<typeof redundancyGroups>[1],
): readonly string[] {
  if (typeof members !== 'string') return [...new Set(members)].filter((host) => hosts.has(host));
  return Object.hasOwn(groups, members) ? (groups[members] ?? []) : [];
}

/** A percentage is rounded down, but not to none; one always stays in service unless the inventory lets the last one go. */
function limitOf({ maxOut, takeLast = false }: Redundancy, members: number): number {
  const wanted = typeof maxOut === 'number' ? maxOut : Math.max(1, percentOf(members, Number(maxOut.replace('%', ''))));
  return Math.min(wanted, takeLast ? members : members - 1);
}

/** The groups of each of these hosts, by name, and the limits of all of them. */
export function seatsOf(
  hosts: readonly string[],
  groups: RedundancyGroups,
): { readonly groupsOf: ReadonlyMap<string, readonly string[]>; readonly limits: SeatLimits } {
  const groupsOf = new Map<string, string[]>();
  const limits: { [group: string]: number } = {};
  const wanted = new Set(hosts);
  for (const name of Object.keys(groups).sort()) {
    const group = groups[name];
    for (const host of group?.members ?? []) {
      if (group === undefined || !wanted.has(host)) continue;
      groupsOf.set(host, [...(groupsOf.get(host) ?? []), name]);
      limits[name] = group.limit;
    }
  }
  return { groupsOf, limits };
}
