import { z } from 'zod';

type Schema = z.core.$ZodType;

/**
 * Reads zod schemas as a description: which kinds of value does this place take? Loading needs it to keep the text of `0644`
 * where a text is wanted, to choose a verb's schema before anything is validated, and to name accepted keys.
 */
export interface Shape {
  readonly text: boolean;
  readonly number: boolean;
  readonly boolean: boolean;
  readonly nothing: boolean;
  readonly list: Schema | null;
  readonly objects: readonly z.core.$ZodObject[];
  readonly choices: readonly Choice[];
  readonly record: z.core.$ZodRecord | null;
}

/** Objects told apart by one field. `byKey`: authors write the option's name as a key; loading adds the field. */
export interface Choice {
  readonly field: string;
  readonly byKey: boolean;
  readonly options: ReadonlyMap<string, z.core.$ZodObject>;
}

/** The field that loading adds; authors never write it. */
export const verbField = 'verb';

const shapes = new WeakMap<Schema, Shape>();

export function shapeOf(schema: Schema): Shape {
  const known = shapes.get(schema);
  if (known !== undefined) return known;
  const leaves = leavesOf(schema);
  const lists = leaves.filter((leaf) => leaf instanceof z.core.$ZodArray);
  const records = leaves.filter((leaf) => leaf instanceof z.core.$ZodRecord);
  const anything = leaves.some((leaf) => leaf instanceof z.core.$ZodUnknown || leaf instanceof z.core.$ZodAny);
  const literals = leaves.flatMap((leaf) => (leaf instanceof z.core.$ZodLiteral ? leaf._zod.def.values : []));
  const shape: Shape = {
    text:
      leaves.some(
        (leaf) =>
          leaf instanceof z.core.$ZodString ||
          leaf instanceof z.core.$ZodEnum ||
          leaf instanceof z.core.$ZodTemplateLiteral,
      ) || literals.some((value) => typeof value === 'string'),
    number:
      anything ||
      leaves.some((leaf) => leaf instanceof z.core.$ZodNumber) ||
      literals.some((value) => typeof value === 'number'),
    boolean:
      anything ||
      leaves.some((leaf) => leaf instanceof z.core.$ZodBoolean) ||
      literals.some((value) => typeof value === 'boolean'),
    nothing:
      anything ||
      leaves.some((leaf) => leaf instanceof z.core.$ZodNull || leaf instanceof z.core.$ZodNullable) ||
      literals.includes(null),
    list: lists[0]?._zod.def.element ?? null,
    objects: leaves.filter((leaf) => leaf instanceof z.core.$ZodObject),
    choices: leaves.filter((leaf) => leaf instanceof z.core.$ZodDiscriminatedUnion).map(choiceOf),
    record: records[0] ?? null,
  };
  shapes.set(schema, shape);
  return shape;
}

/** The keys that authors may write in an object. */
export function keysOf(object: z.core.$ZodObject): string[] {
  const literal = object._zod.def.shape[verbField];
  const added = literal instanceof z.core.$ZodLiteral;
  return Object.keys(object._zod.def.shape).filter((key) => !(added && key === verbField));
}

export function fieldOf(object: z.core.$ZodObject, key: string): Schema | null {
  const shape = object._zod.def.shape;
  if (Object.hasOwn(shape, key)) return shape[key] ?? null;
  return object._zod.def.catchall ?? null;
}

/** Alternatives of a schema, wrappers removed. A discriminated union stays whole. */
function leavesOf(schema: Schema): Schema[] {
  if (schema instanceof z.core.$ZodDiscriminatedUnion) return [schema];
  if (schema instanceof z.core.$ZodUnion) return schema._zod.def.options.flatMap(leavesOf);
  if (schema instanceof z.core.$ZodLazy) return leavesOf(schema._zod.innerType);
  if (schema instanceof z.core.$ZodNullable) return [schema, ...leavesOf(schema._zod.def.innerType)];
  if (schema instanceof z.core.$ZodPipe) return leavesOf(schema._zod.def.in);
  if (
    schema instanceof z.core.$ZodOptional ||
    schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodPrefault ||
    schema instanceof z.core.$ZodNonOptional ||
    schema instanceof z.core.$ZodCatch ||
    schema instanceof z.core.$ZodReadonly
  )
    return leavesOf(schema._zod.def.innerType);
  return [schema];
}

function choiceOf(union: z.core.$ZodDiscriminatedUnion): Choice {
  const field = union._zod.def.discriminator;
  const options = new Map<string, z.core.$ZodObject>();
  for (const option of union._zod.def.options) {
    if (!(option instanceof z.core.$ZodObject)) continue;
    const literal = option._zod.def.shape[field];
    if (!(literal instanceof z.core.$ZodLiteral)) continue;
    for (const value of literal._zod.def.values) options.set(String(value), option);
  }
  return { field, byKey: field === verbField, options };
}
