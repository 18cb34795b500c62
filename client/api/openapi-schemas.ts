import { z } from 'zod';

import type { Json, JsonObject } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { canonicalJson } from '../../workflows/domain/canonical-json';
import { componentNames } from './openapi-components';

export type Direction = 'input' | 'output';

/**
 * Schemas of routes as they stand in the document: what has a name stands once among the components. What is taken and what is
 * answered may differ in one thing (what has a default may be left out); the second one of a name then has its direction at its end.
 */
export class DocumentSchemas {
  readonly #names = componentNames();
  readonly #components = new Map<string, Json>();

  /** Of one place; nothing in it is inlined that has a name. */
  of(schema: z.ZodType, io: Direction): JsonObject {
    const made = asJson(z.toJSONSchema(schema, { io, unrepresentable: 'any', metadata: this.#names }));
    const { $schema: _dialect, $defs = {}, ...rest } = made;
    const definitions = isObject($defs) ? $defs : {};
    const places = this.#placesOf(definitions, io);
    for (const [name, place] of places) this.#components.set(place, moved(definitions[name] ?? true, places));
    const placed = moved(rest, places);
    return isObject(placed) ? placed : {};
  }

  get components(): JsonObject {
    return Object.fromEntries([...this.#components].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** Looked at again until no place moves any more: a schema is another one, too, when one that it refers to is. */
  #placesOf(definitions: JsonObject, io: Direction): ReadonlyMap<string, string> {
    let places = new Map(Object.keys(definitions).map((name) => [name, baseName(name)] as const));
    for (;;) {
      const next = new Map(
        [...places.keys()].map((name) => {
          const here = moved(definitions[name] ?? true, places);
          return [name, this.#freePlace(baseName(name), here, io)] as const;
        }),
      );
      if ([...next].every(([name, place]) => places.get(name) === place)) return places;
      places = next;
    }
  }

  #freePlace(base: string, schema: Json, io: Direction): string {
    const names = [base, `${base}${io === 'input' ? 'Input' : 'Output'}`];
    for (let count = 2; ; count += 1) {
      const name = names.shift() ?? `${base}${count}`;
      const known = this.#components.get(name);
      if (known === undefined || canonicalJson(known) === canonicalJson(schema)) return name;
    }
  }
}

/** Without a name of its own is what refers to itself: any JSON. */
function baseName(name: string): string {
  return name.startsWith('__schema') ? 'Json' : name;
}

function moved(value: Json, places: ReadonlyMap<string, string>): Json {
  if (isList(value)) return value.map((inner) => moved(inner, places));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, Json] => {
    const name = key === '$ref' && typeof inner === 'string' ? inner.replace('#/$defs/', '') : null;
    return [key, name === null ? moved(inner, places) : `#/components/schemas/${places.get(name) ?? name}`];
  });
  return Object.fromEntries(entries);
}

function asJson(schema: object): JsonObject {
  const json: JsonObject = JSON.parse(JSON.stringify(schema));
  return json;
}
