import type { Json, JsonObject } from '../../workflows/domain/json';
import type { ResolvedHost, ResolvedInventory } from '../inventory';
import type { RedundancyGroups } from '../inventory/redundancy';

/** The inventory as expressions see it, and ways into it. */
export interface InventoryView {
  readonly hosts: ReadonlyMap<string, ResolvedHost>;
  /** What `host` is for each of them in an expression. */
  readonly hostViews: ReadonlyMap<string, JsonObject>;
  /** What `inventory` is in an expression: `{hosts, groups, vars}`. */
  readonly view: JsonObject;
  readonly redundancy: RedundancyGroups;
  /** Every label that any host has. */
  readonly labels: ReadonlySet<string>;
}

export function inventoryView(inventory: ResolvedInventory): InventoryView {
  const { hosts: list } = inventory;
  const hosts = new Map(list.map((host) => [host.name, host]));
  const hostViews = new Map(list.map((host) => [host.name, hostView(host)]));
  const groups: { [name: string]: Json[] } = {};
  for (const [name, members] of Object.entries(inventory.groups))
    groups[name] = members.flatMap((member) => hostViews.get(member) ?? []);
  const labels = new Set(list.flatMap((host) => Object.keys(host.labels)));
  return {
    hosts,
    hostViews,
    view: { hosts: [...hostViews.values()], groups, vars: inventory.vars },
    redundancy: inventory.redundancy,
    labels,
  };
}

/** Which labels and variables some expression reads; `*` stands for all of them. */
export interface HostFieldsRead {
  readonly labels: ReadonlySet<string>;
  readonly hostVars: ReadonlySet<string>;
  readonly groups: boolean;
}

/** Only what expressions read; a label that is read and absent is null. */
export function readLabels(host: ResolvedHost, { labels }: HostFieldsRead): { readonly [name: string]: string | null } {
  const names = labels.has('*') ? Object.keys(host.labels) : [...labels];
  return Object.fromEntries(names.sort().map((name) => [name, host.labels[name] ?? null]));
}

export function readVars(host: ResolvedHost, { hostVars }: HostFieldsRead): JsonObject {
  const names = hostVars.has('*') ? Object.keys(host.vars) : [...hostVars];
  return Object.fromEntries(
    names.sort().flatMap((name) => (host.vars[name] === undefined ? [] : [[name, host.vars[name]]])),
  );
}

/** A host as a run-time value: an input of type host, or one of the snapshot. */
export function materialHost(host: ResolvedHost, read: HostFieldsRead): JsonObject {
  return {
    ...hostView(host),
    labels: readLabels(host, read),
    groups: read.groups ? host.groups : [],
    vars: readVars(host, read),
  };
}

function hostView(host: ResolvedHost): JsonObject {
  const { name, address, port, user, labels, groups, vars } = host;
  return {
    name,
    address,
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    labels,
    groups,
    vars,
  };
}
