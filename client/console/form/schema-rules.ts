import type { Json, JsonObject } from '../../../workflows/domain/json';
import { isList, isObject } from '../../../workflows/domain/json-values';
import type { Declared, DeclaredInput } from './form-model';

const types = [
  'string',
  'integer',
  'number',
  'boolean',
  'array',
  'object',
  'datetime',
  'duration',
  'host',
  'secret',
] as const;

/** Inputs of a runbook as its document declares them; what is none is left to the engine to refuse. */
export function declaredIn(inputs: unknown): Declared {
  if (typeof inputs !== 'object' || inputs === null) return {};
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, input]): [string, DeclaredInput][] =>
      isDeclared(input) ? [[name, input]] : [],
    ),
  );
}

/** The form of a task, which is a JSON Schema of an object, as declared inputs. */
export function declaredBySchema(schema: Json): Declared {
  const { properties, required } = objectOf(schema);
  const needed = isList(required) ? required : [];
  const inputs = Object.entries(objectOf(properties)).map(([name, property]) => [
    name,
    ruleOf(objectOf(property), needed.includes(name)),
  ]);
  return declaredIn(Object.fromEntries(inputs));
}

const formats: { readonly [format: string]: string } = { 'date-time': 'datetime', duration: 'duration' };

function ruleOf(schema: JsonObject, required: boolean): JsonObject {
  const { format, type = 'string' } = schema;
  return { ...schema, type: (typeof format === 'string' ? formats[format] : undefined) ?? type, required };
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isDeclared(value: unknown): value is DeclaredInput {
  return typeof value === 'object' && value !== null && 'type' in value && types.some((type) => type === value.type);
}
