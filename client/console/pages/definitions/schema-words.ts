import type { YamlPlace, YamlStep } from './yaml-place';

/** What could be typed at a place of a document, by its JSON Schema. */
export interface SchemaWord {
  readonly word: string;
  readonly required: boolean;
  /** What it takes, or what it is for. */
  readonly detail: string;
  /** A key whose value goes on below it. */
  readonly nested: boolean;
}

type Schema = { readonly [key: string]: unknown };

export function schemaWords(
  root: unknown,
  { path, key, siblings }: Omit<YamlPlace, 'from' | 'kind'>,
): readonly SchemaWord[] {
  if (!isSchema(root)) return [];
  const read = reader(root);
  const here = read(path);
  if (key === null) return keyWords(here, siblings, root);
  const values = key === '' ? here : here.flatMap((schema) => stepInto(schema, key, root));
  return valueWords(values);
}

/** Which of several forms is meant is told by what stands there already: each key rules out the forms without it. */
function keyWords(schemas: readonly Schema[], siblings: readonly string[], root: Schema): readonly SchemaWord[] {
  const objects = schemas.filter((schema) => isSchema(schema['properties']));
  const fitting = objects.filter((schema) => siblings.every((key) => propertyOf(schema, key) !== null));
  const words = new Map<string, SchemaWord>();
  for (const schema of fitting.length > 0 ? fitting : objects) {
    const required = listAt(schema, 'required');
    for (const [word, property] of Object.entries(schemaAt(schema, 'properties') ?? {})) {
      if (siblings.includes(word) || words.has(word) || !isSchema(property)) continue;
      const forms = expand(property, root);
      words.set(word, {
        word,
        required: required.includes(word),
        detail: forms.map(describe).find((text) => text !== '') ?? '',
        nested: forms.some(({ type }) => type === 'object' || type === 'array'),
      });
    }
  }
  return [...words.values()].toSorted(
    (a, b) => Number(b.required) - Number(a.required) || a.word.localeCompare(b.word),
  );
}

function valueWords(schemas: readonly Schema[]): readonly SchemaWord[] {
  const words = new Set<string>();
  for (const schema of schemas) {
    for (const value of [...listAt(schema, 'enum'), schema['const']]) {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        words.add(String(value));
    }
    if (schema['type'] === 'boolean') for (const word of ['true', 'false']) words.add(word);
  }
  return [...words].map((word) => ({ word, required: false, detail: '', nested: false }));
}

function describe(schema: Schema): string {
  const { description, type } = schema;
  if (typeof description === 'string') return description;
  const choices = listAt(schema, 'enum').map(String);
  if (choices.length > 0) return choices.join(' | ');
  return typeof type === 'string' ? type : '';
}

function reader(root: Schema): (path: readonly YamlStep[]) => readonly Schema[] {
  return (path) => {
    let schemas = expand(root, root);
    for (const step of path) schemas = schemas.flatMap((schema) => stepInto(schema, step, root));
    return schemas;
  };
}

function stepInto(schema: Schema, step: YamlStep, root: Schema): readonly Schema[] {
  const inner =
    typeof step === 'number' ? schema['items'] : (propertyOf(schema, step) ?? schema['additionalProperties']);
  return isSchema(inner) ? expand(inner, root) : [];
}

function propertyOf(schema: Schema, key: string): Schema | null {
  const properties = schemaAt(schema, 'properties');
  return properties !== null && Object.hasOwn(properties, key) ? schemaAt(properties, key) : null;
}

const deepest = 12;

/** Every form that a schema allows, references followed. */
function expand(schema: Schema, root: Schema, depth = 0): readonly Schema[] {
  if (depth > deepest) return [];
  const { $ref: reference } = schema;
  const target = typeof reference === 'string' ? resolve(reference, root) : null;
  const inner = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => listAt(schema, word)).filter(isSchema);
  return [
    schema,
    ...(target === null ? [] : [target]).flatMap((each) => expand(each, root, depth + 1)),
    ...inner.flatMap((each) => expand(each, root, depth + 1)),
  ];
}

function resolve(reference: string, root: Schema): Schema | null {
  let found: Schema | null = root;
  for (const part of reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((step) => step !== '')) {
    found = found === null ? null : schemaAt(found, part);
  }
  return found;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function schemaAt(schema: Schema, key: string): Schema | null {
  const value = schema[key];
  return isSchema(value) ? value : null;
}

function listAt(schema: Schema, key: string): readonly unknown[] {
  const value = schema[key];
  return Array.isArray(value) ? value : [];
}
