import { z } from 'zod';

import { isSecretReference } from '../../workflows/domain/secret-reference';
import type { SecretReference } from '../../workflows/domain/value';
import { accepted, Duration, Single, Value } from '../../workflows/runbook/fields/schema';

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
});
export type Host = z.infer<typeof Host>;

export const Group = z.strictObject({
  children: z.array(z.string()).exactOptional(),
  vars: z.record(z.string(), Value).exactOptional(),
});
export type Group = z.infer<typeof Group>;

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
});
export type Inventory = z.infer<typeof Inventory>;
