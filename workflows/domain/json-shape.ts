import type { Json, JsonObject } from './json';

/**
 * Checks a value against the part of JSON Schema that forms and captures use: `type`, `enum`, `const`, `required`, `properties`,
 * `additionalProperties: false`, `items`, `minLength`, `maxLength`, `pattern`-free text, `minimum`, `maximum`. Answers the first
 * thing that is wrong, or null.
 */
export function shapeProblem(schema: Json, value: Json, at = 'value'): string | null {
  if (!isJsonObject(schema)) return schema === false ? `${at} is not accepted` : null;
  return (
    typeProblem(schema, value, at) ??
    choiceProblem(schema, value, at) ??
    boundProblem(schema, value, at) ??
    objectProblem(schema, value, at) ??
    itemsProblem(schema, value, at)
  );
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function typeProblem(schema: JsonObject, value: Json, at: string): string | null {
  const { type } = schema;
  if (type === undefined) return null;
  const accepted = (isJsonList(type) ? type : [type]).map(String);
  const found = typeOf(value);
  const fits = accepted.some((name) => name === found || (name === 'number' && found === 'integer'));
  return fits ? null : `${at} is ${found}, expected ${accepted.join(' or ')}`;
}

function choiceProblem(schema: JsonObject, value: Json, at: string): string | null {
  const { enum: choices, const: only } = schema;
  if (only !== undefined && JSON.stringify(only) !== JSON.stringify(value))
    return `${at} is not ${JSON.stringify(only)}`;
  if (!isJsonList(choices)) return null;
  const found = JSON.stringify(value);
  return choices.some((choice) => JSON.stringify(choice) === found)
    ? null
    : `${at} is not one of ${JSON.stringify(choices)}`;
}

function boundProblem(schema: JsonObject, value: Json, at: string): string | null {
  const size = typeof value === 'string' ? value.length : value;
  const [least, most] =
    typeof value === 'string' ? [schema['minLength'], schema['maxLength']] : [schema['minimum'], schema['maximum']];
  if (typeof size !== 'number') return null;
  if (typeof least === 'number' && size < least) return `${at} is below ${least}`;
  return typeof most === 'number' && size > most ? `${at} is above ${most}` : null;
}

function objectProblem(schema: JsonObject, value: Json, at: string): string | null {
  if (!isJsonObject(value)) return null;
  const { required, properties, additionalProperties } = schema;
  for (const name of isJsonList(required) ? required : []) {
    if (typeof name === 'string' && value[name] === undefined) return `${at}.${name} is missing`;
  }
  for (const [name, member] of Object.entries(value)) {
    const memberSchema = isJsonObject(properties) ? properties[name] : undefined;
    if (memberSchema === undefined && additionalProperties === false) return `${at}.${name} is unknown`;
    const problem = memberSchema === undefined ? null : shapeProblem(memberSchema, member, `${at}.${name}`);
    if (problem !== null) return problem;
  }
  return null;
}

function itemsProblem(schema: JsonObject, value: Json, at: string): string | null {
  const { items } = schema;
  if (items === undefined || !isJsonList(value)) return null;
  for (const [index, item] of value.entries()) {
    const problem = shapeProblem(items, item, `${at}[${index}]`);
    if (problem !== null) return problem;
  }
  return null;
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
