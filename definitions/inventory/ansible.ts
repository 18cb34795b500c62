import { z } from 'zod';

import type { Json, JsonObject } from '../../workflows/domain/json';
import type { Host } from '../kinds/inventory';
import { HostName } from '../kinds/inventory';
import type { GroupDeclaration, GroupDeclarations } from './groups';

/** Ansible's dynamic-inventory JSON: only what we use; everything else is ignored. */
const Vars = z.record(z.string(), z.json());
const AnsibleGroup = z.union([
  z.array(z.string()),
  z.object({ hosts: z.array(z.string()).optional(), children: z.array(z.string()).optional(), vars: Vars.optional() }),
]);
const AnsibleMeta = z.object({ hostvars: z.record(z.string(), Vars).optional() });
export const AnsibleInventory = z.record(z.string(), z.unknown());
export type AnsibleInventory = z.infer<typeof AnsibleInventory>;

export interface SourcedHosts {
  /** By name: what a script answers has no order that would last. */
  readonly hosts: readonly Host[];
  readonly groups: GroupDeclarations;
  readonly vars: JsonObject;
}

export type ReadAnsible =
  { readonly ok: true; readonly value: SourcedHosts } | { readonly ok: false; readonly reasons: readonly string[] };

const implicitGroups = ['all', 'ungrouped'];

export function readAnsible(answer: AnsibleInventory, labelsFrom: readonly string[]): ReadAnsible {
  const reasons: string[] = [];
  const meta = AnsibleMeta.safeParse(answer['_meta'] ?? {});
  if (!meta.success) reasons.push('"_meta" has no map of "hostvars"');
  const hostVars = new Map(Object.entries((meta.success ? meta.data.hostvars : undefined) ?? {}));
  const groups: { [name: string]: GroupDeclaration } = {};
  const memberOf = new Map<string, Set<string>>([...hostVars.keys()].map((name) => [name, new Set()]));
  let vars: JsonObject = {};
  for (const [name, raw] of Object.entries(answer)) {
    if (name === '_meta') continue;
    const parsed = AnsibleGroup.safeParse(raw);
    if (!parsed.success) {
      reasons.push(`the group "${name}" is neither a list of hosts nor a map of hosts, children and vars`);
      continue;
    }
    const group = Array.isArray(parsed.data) ? { hosts: parsed.data } : parsed.data;
    for (const host of group.hosts ?? []) memberOf.set(host, (memberOf.get(host) ?? new Set()).add(name));
    if (name === 'all') vars = group.vars ?? {};
    else if (!implicitGroups.includes(name)) groups[name] = { children: group.children ?? [], vars: group.vars ?? {} };
  }
  for (const [name, group] of Object.entries({ all: { vars }, ...groups }))
    reasons.push(...refusals(`group "${name}"`, group.vars ?? {}));
  const hosts = [...memberOf.keys()].sort().map((name) => {
    const own = hostVars.get(name) ?? {};
    reasons.push(...refusals(`host "${name}"`, own));
    return readHost(name, {
      own,
      groups: [...(memberOf.get(name) ?? [])].filter((group) => !implicitGroups.includes(group)),
      labelsFrom,
      reasons,
    });
  });
  return reasons.length > 0 ? { ok: false, reasons } : { ok: true, value: { hosts, groups, vars } };
}

interface HostParts {
  readonly own: JsonObject;
  readonly groups: readonly string[];
  readonly labelsFrom: readonly string[];
  readonly reasons: string[];
}

function readHost(name: string, { own, groups, reasons }: HostParts): Host {
  if (!HostName.safeParse(name).success) reasons.push(`the host name ${JSON.stringify(name)} holds white space or "/"`);
  return { name, groups: [...groups].sort(), vars: { ...own } };
}

/** The fields that these variables mean, and the variables that are left. Group variables count as well, so this comes after merging. */
export function connectionFields(host: Host, vars: JsonObject): { readonly host: Host; readonly vars: JsonObject } {
  const { ansible_host, ansible_ssh_host, ansible_port, ansible_ssh_port, ansible_user, ansible_ssh_user, ...rest } =
    vars;
  const address = textOf(ansible_host ?? ansible_ssh_host);
  const port = Number(textOf(ansible_port ?? ansible_ssh_port));
  const user = textOf(ansible_user ?? ansible_ssh_user);
  return {
    host: {
      ...host,
      ...(address === null ? {} : { address }),
      ...(Number.isInteger(port) && port > 0 && port < 65_536 ? { port } : {}),
      ...(user === null ? {} : { user }),
    },
    vars: rest,
  };
}

/** Labels are text. A list or a map is none, and says so. */
export function labelsOf(
  vars: JsonObject,
  labelsFrom: readonly string[],
): { readonly labels: { readonly [name: string]: string }; readonly refused: readonly string[] } {
  const labels: { [name: string]: string } = {};
  const refused: string[] = [];
  for (const name of labelsFrom) {
    const value = Object.hasOwn(vars, name) ? vars[name] : undefined;
    if (value === undefined || value === null) continue;
    const text = textOf(value);
    if (text === null) refused.push(name);
    else labels[name] = text;
  }
  return { labels, refused };
}

/** Passwords in clear text, and a connection that would be the worker itself. */
export function refusedVariables(vars: JsonObject): readonly { readonly name: string; readonly reason: string }[] {
  return Object.entries(vars).flatMap(([name, value]) => {
    if (/^ansible_(?:ssh_)?pass(?:word)?$/.test(name))
      return [{ name, reason: 'write `password: vault:…` in a Connection of type ssh' }];
    if (/^ansible_(?:become|sudo|su)_pass(?:word)?$/.test(name))
      return [{ name, reason: 'write `become: {password: {secret: vault:…}}` at the host' }];
    if (name === 'ansible_connection' && value === 'local')
      return [{ name, reason: 'work on the worker itself is a step with `uses`' }];
    return [];
  });
}

function refusals(owner: string, vars: JsonObject): string[] {
  return refusedVariables(vars).map(({ name, reason }) => `the ${owner} has the variable "${name}": ${reason}`);
}

function textOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
