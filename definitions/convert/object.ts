import { isScalar } from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';
import { z } from 'zod';

import { nearestWord, pathText, problemLimit } from '../problems';
import type { DocumentPath } from '../problems';
import { fieldOf, keysOf } from '../schema-shape';
import type { Choice, Shape } from '../schema-shape';
import { nodeOf } from '../yaml-tree';
import { describe, note } from './walk';
import type { Schema, Walk } from './walk';

export const anything = z.unknown();

/** Which of a schema's objects a map is: known before anything is validated, so that a problem is told of the right one. */
export type Chosen =
  | { readonly kind: 'object'; readonly object: z.core.$ZodObject; readonly verb: string | null }
  | { readonly kind: 'record' }
  | { readonly kind: 'refused' };

export interface MapAt {
  readonly node: YAMLMap;
  readonly pairs: ReadonlyMap<string, Pair>;
  readonly path: DocumentPath;
  readonly shape: Shape;
}

export function chooseObject(walk: Walk, at: MapAt): Chosen {
  const [choice] = at.shape.choices;
  if (choice !== undefined) return choice.byKey ? chooseByKey(walk, at, choice) : chooseByValue(at, choice);
  const [object] = at.shape.objects;
  return object === undefined ? { kind: 'record' } : { kind: 'object', object, verb: null };
}

/** `steps` stands in several verbs, so it is one only when it stands alone. */
function chooseByKey(walk: Walk, at: MapAt, choice: Choice): Chosen {
  const verbs = [...choice.options.keys()].filter((verb) => at.pairs.has(verb));
  const named = verbs.length > 1 ? verbs.filter((verb) => verb !== 'steps') : verbs;
  const [verb, second] = named;
  if (verb !== undefined && second === undefined) {
    const object = choice.options.get(verb);
    return object === undefined ? { kind: 'refused' } : { kind: 'object', object, verb };
  }
  const accepted = [...choice.options.keys()];
  if (verb !== undefined) {
    const message = `Cannot read ${describe(at.path)}: it has both ${named.map((name) => `"${name}"`).join(' and ')}`;
    note(
      walk,
      { node: keyNode(at, second), path: at.path },
      { code: 'STEP_WITH_TWO_VERBS', message, found: named.join(', '), accepted },
    );
    return { kind: 'refused' };
  }
  // A map with a key that was refused may have had its verb there.
  const isRead = !walk.broken.has(pathText(at.path)) && walk.problems.length <= problemLimit;
  if (isRead) noteMissingVerb(walk, at, { choice, accepted });
  return { kind: 'refused' };
}

/** A misspelt verb is an unknown key; only a step without one is a step without a verb. */
function noteMissingVerb(walk: Walk, at: MapAt, of: { choice: Choice; accepted: readonly string[] }): void {
  const known = new Set([...of.choice.options.values()].flatMap(keysOf));
  const unknown = [...at.pairs.keys()].filter((key) => !known.has(key));
  const guess = unknown.find((key) => nearestWord(key, of.accepted) !== null) ?? unknown[0];
  if (guess === undefined) {
    const message = `Cannot read ${describe(at.path)}: it has none of the keys that say what to do`;
    note(walk, at, {
      code: 'STEP_WITHOUT_VERB',
      message,
      found: [...at.pairs.keys()].join(', '),
      accepted: of.accepted,
    });
    return;
  }
  note(
    walk,
    { node: keyNode(at, guess), path: [...at.path, guess] },
    {
      code: 'UNKNOWN_KEY',
      message: `Cannot read ${describe(at.path)}: the key "${guess}" is unknown`,
      found: guess,
      accepted: of.accepted,
      nearest: nearestWord(guess, [...of.accepted, ...known]),
    },
  );
}

function chooseByValue(at: MapAt, choice: Choice): Chosen {
  const pair = at.pairs.get(choice.field);
  const written = pair === undefined ? null : pair.value;
  const object = isScalar(written) ? choice.options.get(String(written.value)) : undefined;
  return object === undefined ? { kind: 'record' } : { kind: 'object', object, verb: null };
}

export function valueSchema(
  walk: Walk,
  of: { chosen: Chosen; key: string; pairs: ReadonlyMap<string, Pair>; shape: Shape },
): Schema {
  const { chosen, key, pairs } = of;
  if (chosen.kind === 'object') {
    if (key === 'with' && chosen.verb === 'uses')
      return operationInput(walk, pairs) ?? fieldOf(chosen.object, key) ?? anything;
    return fieldOf(chosen.object, key) ?? anything;
  }
  if (chosen.kind === 'record' && of.shape.choices.length === 0) return of.shape.record?._zod.def.valueType ?? anything;
  return anything;
}

function operationInput(walk: Walk, pairs: ReadonlyMap<string, Pair>): Schema | null {
  const uses = pairs.get('uses')?.value;
  if (walk.options.catalogue === undefined || !isScalar(uses) || typeof uses.value !== 'string') return null;
  const [connector = '', operation = ''] = uses.value.split('.');
  const manifest = Object.hasOwn(walk.options.catalogue, connector) ? walk.options.catalogue[connector] : undefined;
  const operations = manifest?.operations ?? {};
  return Object.hasOwn(operations, operation) ? (operations[operation]?.input ?? null) : null;
}

function keyNode(at: MapAt, key: string | undefined): Node {
  return nodeOf(at.pairs.get(key ?? '')?.key) ?? at.node;
}
