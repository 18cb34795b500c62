import { z } from 'zod';

import { isSecretReference } from '../../workflows/domain/secret-reference';
import type { SecretReference } from '../../workflows/domain/value';
import { accepted, Duration, Name, Percent, Single, Value } from '../../workflows/runbook/fields/schema';

export const HostName = z
  .string()
  .max(253)
  .regex(/^[^\s/]+$/, accepted.hostName);
export type HostName = z.infer<typeof HostName>;

/** `vault:ops/api#token`, or the same as `{secret: …}`. */
export const SecretField = z.union([z.string().min(1), z.strictObject({ secret: z.string().min(1) })]);
export type SecretField = z.infer<typeof SecretField>;

export function secretOf(field: SecretField): string {
  return typeof field === 'string' ? field : field.secret;
}

/** The reference that a field holds; null: it is a plain text. */
export function referenceOf(field: SecretField): SecretReference | null {
  const text = secretOf(field);
  return typeof field !== 'string' || isSecretReference(text) ? text : null;
}

export const Become = z.strictObject({
  method: z.enum(['sudo', 'doas', 'none']).exactOptional(),
  password: SecretField.exactOptional(),
});
export type Become = z.infer<typeof Become>;

/** Names of the calendars whose windows apply. */
const Maintenance = z.array(Name);

export const Host = z.strictObject({
  name: HostName,
  address: z.string().min(1).exactOptional(),
  port: z.int().min(1).max(65_535).exactOptional(),
  user: z.string().min(1).exactOptional(),
  labels: z.record(z.string(), z.string()).exactOptional(),
  groups: z.array(z.string()).exactOptional(),
  vars: z.record(z.string(), Value).exactOptional(),
  connection: z.string().min(1).exactOptional(),
  /** A known_hosts line without its host part: `ssh-ed25519 AAAA…`. */
  hostKey: z.string().min(1).exactOptional(),
  jobDir: z.string().min(1).exactOptional(),
  jobDirVolatile: z.boolean().exactOptional(),
  become: Become.exactOptional(),
  maintenance: Maintenance.exactOptional(),
});
export type Host = z.infer<typeof Host>;

export const Group = z.strictObject({
  children: z.array(z.string()).exactOptional(),
  vars: z.record(z.string(), Value).exactOptional(),
  maintenance: Maintenance.exactOptional(),
});
export type Group = z.infer<typeof Group>;

/** Hosts that stand in for each other: at most so many of them are out of service at once, over all runs. */
export const Redundancy = z.strictObject({
  /** A group, or hosts by name. */
  members: z.union([z.string().min(1), z.array(HostName).min(1)]),
  maxOut: z.union([z.int().min(0), Percent]),
  /** Also the last one may be taken. */
  takeLast: z.boolean().exactOptional(),
});
export type Redundancy = z.infer<typeof Redundancy>;

const ItemName = z.string().regex(/^[a-z][a-z0-9-]*\/[^\s/]+$/, accepted.item);

/** A configuration item that is no host: what it needs, and when it may be worked on. */
export const Item = z.strictObject({
  runsOn: z.array(z.string().regex(/^(?:group|host)\/[^\s/]+$/, accepted.runsOn)).exactOptional(),
  dependsOn: z.array(ItemName).exactOptional(),
  maintenance: Maintenance.exactOptional(),
});
export type Item = z.infer<typeof Item>;

const CommandSource = z.strictObject({
  verb: z.literal('command'),
  command: z.array(z.string()).min(1),
  timeout: Duration.exactOptional(),
});
export type CommandSource = z.infer<typeof CommandSource>;

const UrlSource = z.strictObject({
  verb: z.literal('url'),
  url: z.url({ protocol: /^https?$/ }),
  /** A text that is a reference to a secret (`vault:ops/cmdb#token`) stands for the secret. */
  headers: z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, accepted.header), SecretField).exactOptional(),
  auth: z
    .union([z.strictObject({ bearer: SecretField }), z.strictObject({ username: z.string(), password: SecretField })])
    .exactOptional(),
  timeout: Duration.exactOptional(),
});
export type UrlSource = z.infer<typeof UrlSource>;

/** Something that answers Ansible's dynamic-inventory JSON. */
export const Source = z.discriminatedUnion('verb', [CommandSource, UrlSource]);
export type Source = z.infer<typeof Source>;

/** Hosts, or a source of hosts; groups, variables and the connection apply to both. */
export const Inventory = z.strictObject({
  hosts: z.array(Host).exactOptional(),
  source: Source.exactOptional(),
  /** Variables of a sourced host that become labels. */
  labelsFrom: z.array(z.string()).exactOptional(),
  groups: z.record(z.string(), Group).exactOptional(),
  vars: z.record(z.string(), Value).exactOptional(),
  connection: Single.exactOptional(),
  /** By a name of their own. */
  redundancy: z.record(z.string().regex(/^[^\s/]+$/, accepted.groupName), Redundancy).exactOptional(),
  items: z.record(ItemName, Item).exactOptional(),
  /** Label whose values tell classes of hosts apart: those of one class take as long for the same step. */
  hostClass: z.string().min(1).exactOptional(),
});
export type Inventory = z.infer<typeof Inventory>;
