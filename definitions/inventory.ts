import type { JsonObject } from '../workflows/domain/json';
import type { SecretReference } from '../workflows/domain/value';
import type { LoadedInventory } from './document';
import { connectionFields, labelsOf, readAnsible } from './inventory/ansible';
import type { SourcedHosts } from './inventory/ansible';
import { groupCycle, groupTree } from './inventory/groups';
import type { GroupDeclaration, GroupDeclarations } from './inventory/groups';
import { askSource } from './inventory/source';
import type { SecretResolver } from './inventory/source';
import { redundancyGroups } from './inventory/redundancy';
import type { RedundancyGroups } from './inventory/redundancy';
import { secretOf } from './kinds/inventory';
import type { Become, Host, Inventory, Item } from './kinds/inventory';
import { atKey } from './lint/note';
import type { Problem } from './problems';

/** A host with its groups and variables resolved, as plain JSON. */
export interface ResolvedHost {
  readonly name: string;
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly labels: { readonly [name: string]: string };
  /** The ones it is in, directly or through another group; by name. */
  readonly groups: readonly string[];
  readonly vars: JsonObject;
  readonly connection?: string;
  readonly hostKey?: string;
  readonly jobDir?: string;
  readonly jobDirVolatile?: boolean;
  readonly become?: { readonly method: 'sudo' | 'doas' | 'none'; readonly password?: SecretReference };
  /** Its own calendars, and those of its groups. */
  readonly maintenance?: readonly string[];
}

export interface ResolvedInventory {
  /** In the order of the document; of a source, by name. */
  readonly hosts: readonly ResolvedHost[];
  /** Names of the hosts in each group. */
  readonly groups: { readonly [name: string]: readonly string[] };
  readonly vars: JsonObject;
  readonly redundancy: RedundancyGroups;
  /** Configuration items beside the hosts. */
  readonly items: { readonly [name: string]: Item };
  /** Label by whose values hosts are alike. */
  readonly hostClass?: string;
}

export type InventoryResult =
  | { readonly ok: true; readonly inventory: ResolvedInventory }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** An inventory's hosts with everything they inherit; a source is asked once. The document must be free of lint. */
export async function resolveInventory(
  document: LoadedInventory,
  secrets: SecretResolver = noSecrets,
): Promise<InventoryResult> {
  const { spec } = document;
  if (spec.source === undefined) {
    const own = { hosts: spec.hosts ?? [], groups: spec.groups ?? {}, vars: {} };
    return { ok: true, inventory: resolve(document, own).inventory };
  }
  const { file, metadata } = document;
  const answer = await askSource(spec.source, { file, owner: metadata.owner ?? '', secrets });
  if (!answer.ok) return unreadable(document, [answer.reason]);
  const read = readAnsible(answer.value, spec.labelsFrom ?? []);
  if (!read.ok) return unreadable(document, read.reasons);
  const cycle = groupCycle(mergeGroups(read.value.groups, spec.groups ?? {}));
  if (cycle !== null) return unreadable(document, [`a group is within itself: ${cycle.join(', ')}`]);
  const resolved = resolve(document, { ...read.value, groups: mergeGroups(read.value.groups, spec.groups ?? {}) });
  if (resolved.refused.length > 0) return unreadable(document, resolved.refused);
  return { ok: true, inventory: resolved.inventory };
}

function noSecrets(reference: string): Promise<string> {
  return Promise.reject(new Error(`Cannot find the secret "${reference}": none is given here`));
}

interface Resolved {
  readonly inventory: ResolvedInventory;
  readonly refused: readonly string[];
}

function resolve(document: LoadedInventory, from: SourcedHosts): Resolved {
  const { spec } = document;
  const sourced = spec.source !== undefined;
  const vars = { ...spec.vars, ...from.vars };
  const tree = groupTree(from.groups);
  const groups: { [name: string]: string[] } = {};
  const refused: string[] = [];
  const hosts: ResolvedHost[] = [];
  for (const host of from.hosts) {
    const names = tree.ancestry(host.groups ?? []);
    const merged = { ...vars, ...tree.variables(host.groups ?? []), ...host.vars };
    const fields = sourced ? connectionFields(host, merged) : { host, vars: merged };
    const copied = labelsOf(fields.vars, sourced ? (spec.labelsFrom ?? []) : []);
    refused.push(
      ...copied.refused.map(
        (name) => `the variable "${name}" of the host "${host.name}" is a list or a map and cannot be a label`,
      ),
    );
    for (const name of names) groups[name] = [...(Object.hasOwn(groups, name) ? (groups[name] ?? []) : []), host.name];
    hosts.push(
      resolvedHost(fields.host, {
        groups: names,
        vars: fields.vars,
        labels: { ...copied.labels, ...host.labels },
        connection: spec.connection,
        maintenance: maintenanceOf(fields.host, names, spec),
      }),
    );
  }
  const known = { hosts: new Set(hosts.map(({ name }) => name)), groups };
  const redundancy = redundancyGroups(spec.redundancy ?? {}, known);
  const { items = {}, hostClass } = spec;
  const inventory = { hosts, groups, vars, redundancy, items, ...(hostClass === undefined ? {} : { hostClass }) };
  return { inventory, refused };
}

interface Inherited {
  readonly groups: readonly string[];
  readonly vars: JsonObject;
  readonly labels: { readonly [name: string]: string };
  readonly connection: string | undefined;
  readonly maintenance: readonly string[];
}

function maintenanceOf(host: Host, groups: readonly string[], { groups: declared = {} }: Inventory): readonly string[] {
  const ofGroups = groups.flatMap((name) => (Object.hasOwn(declared, name) ? (declared[name]?.maintenance ?? []) : []));
  return [...new Set([...(host.maintenance ?? []), ...ofGroups])].sort();
}

function resolvedHost(host: Host, inherited: Inherited): ResolvedHost {
  const { name, address, port, user, hostKey, jobDir, jobDirVolatile } = host;
  const connection = host.connection ?? inherited.connection;
  return {
    name,
    address: address ?? name,
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    labels: inherited.labels,
    groups: inherited.groups,
    vars: inherited.vars,
    ...(connection === undefined ? {} : { connection }),
    ...(hostKey === undefined ? {} : { hostKey }),
    ...(jobDir === undefined ? {} : { jobDir }),
    ...(jobDirVolatile === undefined ? {} : { jobDirVolatile }),
    ...(host.become === undefined ? {} : { become: resolvedBecome(host.become) }),
    ...(inherited.maintenance.length === 0 ? {} : { maintenance: inherited.maintenance }),
  };
}

function resolvedBecome(become: Become): NonNullable<ResolvedHost['become']> {
  const { method = 'sudo', password } = become;
  return { method, ...(password === undefined ? {} : { password: secretOf(password) }) };
}

/** What the document says of a group is added to what its source says. */
function mergeGroups(sourced: GroupDeclarations, own: GroupDeclarations): GroupDeclarations {
  const merged: { [name: string]: GroupDeclaration } = { ...sourced };
  for (const [name, group] of Object.entries(own)) {
    const before = Object.hasOwn(sourced, name) ? sourced[name] : undefined;
    merged[name] = {
      children: [...new Set([...(before?.children ?? []), ...(group.children ?? [])])],
      vars: { ...before?.vars, ...group.vars },
    };
  }
  return merged;
}

function unreadable(document: LoadedInventory, reasons: readonly string[]): InventoryResult {
  const problems = reasons.map((reason) =>
    atKey(document, ['spec', 'source'], {
      code: 'INVENTORY_UNREADABLE',
      message: `Cannot read the inventory from its source: ${reason}`,
    }),
  );
  return { ok: false, problems };
}
