import type { z } from 'zod';

import type { Json } from '../workflows/domain/json';
import type { DocumentPath } from './problems';
import { fieldOf, shapeOf, verbField } from './schema-shape';
import type { Choice, Shape } from './schema-shape';

type Schema = z.core.$ZodType;

/** A path into a value, beside the schema that the value was checked against. */
export interface SchemaPlace {
  readonly schema: Schema;
  readonly value: Json;
  readonly path: DocumentPath;
}

export function valueAt(value: Json, path: DocumentPath): Json | undefined {
  let current: Json | undefined = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    if (isList(current)) current = typeof part === 'number' ? current[part] : undefined;
    else current = Object.hasOwn(current, part) ? current[part] : undefined;
  }
  return current;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function verbOf(value: Json | undefined): string | null {
  if (typeof value !== 'object' || value === null || isList(value)) return null;
  const verb = value[verbField];
  return typeof verb === 'string' ? verb : null;
}

/** The object schema that the value at a path is checked against. */
export function objectAt(at: SchemaPlace): z.core.$ZodObject | null {
  const schema = schemaAt(at);
  if (schema === null) return null;
  const shape = shapeOf(schema);
  const value = valueAt(at.value, at.path);
  return chosenObject(shape, value);
}

export function choicesAt(at: SchemaPlace): readonly Choice[] {
  const own = schemaAt(at);
  const parent = schemaAt({ ...at, path: at.path.slice(0, -1) });
  return [own, parent].flatMap((schema) => (schema === null ? [] : shapeOf(schema).choices));
}

function chosenObject(shape: Shape, value: Json | undefined): z.core.$ZodObject | null {
  for (const choice of shape.choices) {
    if (typeof value !== 'object' || value === null || isList(value)) continue;
    const name = value[choice.field];
    const option = typeof name === 'string' ? choice.options.get(name) : undefined;
    if (option !== undefined) return option;
  }
  return shape.objects[0] ?? null;
}

function schemaAt(at: SchemaPlace): Schema | null {
  let schema: Schema | null = at.schema;
  let walked: (string | number)[] = [];
  for (const part of at.path) {
    if (schema === null) return null;
    const shape = shapeOf(schema);
    const object = chosenObject(shape, valueAt(at.value, walked));
    if (typeof part === 'number') schema = shape.list;
    else schema = object === null ? (shape.record?._zod.def.valueType ?? null) : fieldOf(object, part);
    walked = [...walked, part];
  }
  return schema;
}
