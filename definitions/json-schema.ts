import { z } from 'zod';

import { BackupPlan } from '../workflows/backup/schema';
import { ChangeModel } from '../workflows/change/schema';
import { Rehearsal } from '../workflows/rehearsal/schema';
import { Runbook } from '../workflows/runbook/schema';
import type { Json, JsonObject } from '../workflows/domain/json';
import { definitionKinds } from './document';
import type { DefinitionKind } from './document';
import { ApprovalPolicy } from './kinds/approval-policy';
import { Calendar } from './kinds/calendar';
import { Connection } from './kinds/connection';
import { Grant } from './kinds/grant';
import { Hook } from './kinds/hook';
import { Inventory } from './kinds/inventory';
import { MessageTemplate } from './kinds/message-template';
import { Metadata, RunbookMetadata } from './kinds/metadata';
import { Team } from './kinds/people';
import { Person } from './kinds/person';
import { Roster } from './kinds/roster';
import { Subscription } from './kinds/subscription';
import { verbField } from './schema-shape';

const dialect = 'https://json-schema.org/draft/2020-12/schema';

const documents: { readonly [K in DefinitionKind]: { readonly metadata: z.ZodType; readonly spec: z.ZodType } } = {
  Runbook: { metadata: RunbookMetadata, spec: Runbook },
  Rehearsal: { metadata: Metadata, spec: Rehearsal },
  Inventory: { metadata: Metadata, spec: Inventory },
  Connection: { metadata: Metadata, spec: Connection },
  ApprovalPolicy: { metadata: Metadata, spec: ApprovalPolicy },
  Team: { metadata: Metadata, spec: Team },
  Calendar: { metadata: Metadata, spec: Calendar },
  Person: { metadata: Metadata, spec: Person },
  Roster: { metadata: Metadata, spec: Roster },
  Grant: { metadata: Metadata, spec: Grant },
  Hook: { metadata: Metadata, spec: Hook },
  Subscription: { metadata: Metadata, spec: Subscription },
  MessageTemplate: { metadata: Metadata, spec: MessageTemplate },
  ChangeModel: { metadata: Metadata, spec: ChangeModel },
  BackupPlan: { metadata: Metadata, spec: BackupPlan },
};

/** JSON Schema of documents of one kind, for editors. */
export function kindSchema(kind: DefinitionKind): JsonObject {
  const { metadata, spec } = documents[kind];
  const schema = z.strictObject({ apiVersion: z.literal('mainstay/v1'), kind: z.literal(kind), metadata, spec });
  return asAuthored(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

/** One schema for every document: the kind decides which part of it holds. */
export function combinedSchema(): JsonObject {
  const definitions: { [kind: string]: Json } = {};
  for (const kind of definitionKinds) {
    const { $schema: _, ...schema } = kindSchema(kind);
    definitions[kind] = rebase(schema, `#/$defs/${kind}`);
  }
  return {
    $schema: dialect,
    title: 'Mainstay definition',
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    properties: { apiVersion: { const: 'mainstay/v1' }, kind: { enum: [...definitionKinds] } },
    allOf: definitionKinds.map((kind) => ({
      if: { properties: { kind: { const: kind } }, required: ['kind'] },
      // oxlint-disable-next-line unicorn/no-thenable -- `then` is a keyword of JSON Schema.
      then: { $ref: `#/$defs/${kind}` },
    })),
    $defs: definitions,
  };
}

/** Authors do not write the field that loading adds. */
function asAuthored(schema: unknown): JsonObject {
  const changed = authored(JSON.parse(JSON.stringify(schema)));
  return isObject(changed) ? changed : {};
}

function authored(value: unknown): Json {
  if (Array.isArray(value)) return value.map(authored);
  if (typeof value !== 'object' || value === null) return isScalar(value) ? value : null;
  const entries = Object.entries(value).map(([key, inner]): [string, Json] => [key, authored(inner)]);
  const object: JsonObject = Object.fromEntries(entries);
  return withoutVerb(object);
}

function withoutVerb(object: JsonObject): JsonObject {
  const { properties, required } = object;
  if (!isObject(properties) || !isObject(properties[verbField]) || properties[verbField]['const'] === undefined)
    return object;
  const { [verbField]: _, ...fields } = properties;
  const needed = Array.isArray(required) ? required.filter((key) => key !== verbField) : [];
  return { ...object, properties: fields, required: needed };
}

/** References of a schema that became a part of another one. */
function rebase(value: Json, root: string): Json {
  if (isList(value)) return value.map((inner) => rebase(inner, root));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, Json] => {
    if (key === '$ref' && typeof inner === 'string' && inner.startsWith('#'))
      return [key, inner === '#' ? root : `${root}${inner.slice(1)}`];
    return [key, rebase(inner, root)];
  });
  return Object.fromEntries(entries);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
