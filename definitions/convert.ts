import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml';

import type { Json } from '../workflows/domain/json';
import { anything, chooseObject, valueSchema } from './convert/object';
import { convertScalar } from './convert/scalar';
import { depthLimit, describe, exhaust, nodeLimit, note, refuse } from './convert/walk';
import type { ConvertOptions, Place, Schema, Walk } from './convert/walk';
import { pathText, quoteFound } from './problems';
import type { DocumentPath, Problem } from './problems';
import { keysOf, shapeOf, verbField } from './schema-shape';
import { keyText, nodeOf } from './yaml-tree';
import type { YamlTree } from './yaml-tree';
import { refusedCharacter } from './yaml-text';

export interface Conversion {
  readonly value: Json;
  readonly problems: readonly Problem[];
  /** Paths (as text) whose value was refused here: what a schema says about them is an echo. */
  readonly broken: ReadonlySet<string>;
}

/** From YAML nodes to JSON, guided by a schema: it decides whether `0644` is a number or a text, and which verb a step has. */
export function convert(tree: YamlTree, schema: Schema, options: ConvertOptions = {}): Conversion {
  const walk: Walk = { tree, options, problems: [], broken: new Set(), active: new Set(), nodes: 0 };
  const value = convertNode(walk, tree.root, { schema, path: [] });
  return { value, problems: walk.problems, broken: walk.broken };
}

function convertNode(walk: Walk, node: Node | null, place: Place): Json {
  walk.nodes++;
  if (walk.nodes > nodeLimit) return exhaust(walk, node);
  if (node === null) return null;
  if (place.path.length > depthLimit)
    return refuse(
      walk,
      { node, path: place.path },
      { code: 'TOO_DEEP', state: `it is nested deeper than ${depthLimit}` },
    );
  if (isAlias(node)) return convertAlias(walk, node, place);
  if (node.tag !== undefined && isExplicit(node))
    return refuse(
      walk,
      { node, path: place.path },
      { code: 'TAG_REFUSED', state: `it has the tag ${quoteFound(node.tag)}` },
    );
  if (isScalar(node)) return convertScalar(walk, node, place);
  if (walk.active.has(node))
    return refuse(walk, { node, path: place.path }, { code: 'ALIAS_CYCLE', state: 'it contains itself' });
  walk.active.add(node);
  const value = isMap(node) ? convertMap(walk, node, place) : isSeq(node) ? convertList(walk, node, place) : null;
  walk.active.delete(node);
  return value;
}

function convertAlias(walk: Walk, node: Node, place: Place): Json {
  const target = isAlias(node) ? walk.tree.aliases.get(node) : undefined;
  if (target === undefined)
    return refuse(
      walk,
      { node, path: place.path },
      { code: 'UNKNOWN_ALIAS', state: 'no anchor of that name stands before it' },
    );
  if (walk.active.has(target))
    return refuse(
      walk,
      { node, path: place.path },
      { code: 'ALIAS_CYCLE', state: 'the alias stands inside its own anchor' },
    );
  return convertNode(walk, target, place);
}

/** The composer leaves `tag` on nodes that carry one in the text. */
function isExplicit(node: Node): boolean {
  return typeof node.tag === 'string' && node.tag !== '';
}

function convertList(walk: Walk, node: YAMLSeq, place: Place): Json {
  const element = shapeOf(place.schema).list ?? anything;
  const values: Json[] = [];
  for (const [index, item] of node.items.entries())
    values.push(convertNode(walk, nodeOf(item), { schema: element, path: [...place.path, index] }));
  return values;
}

function convertMap(walk: Walk, node: YAMLMap, place: Place): Json {
  const pairs = readPairs(walk, node, place.path);
  const chosen = chooseObject(walk, { node, pairs, path: place.path, shape: shapeOf(place.schema) });
  if (chosen.kind === 'refused') walk.broken.add(pathText(place.path));
  const object: Record<string, Json> = {};
  if (chosen.kind === 'object' && chosen.verb !== null) object[verbField] = chosen.verb;
  for (const [key, pair] of pairs) {
    if (key === verbField && chosen.kind === 'object' && chosen.verb !== null) {
      const accepted = keysOf(chosen.object);
      const at = { node: nodeOf(pair.key) ?? node, path: [...place.path, key] };
      note(walk, at, {
        code: 'UNKNOWN_KEY',
        message: `Cannot read ${describe(place.path)}: the key "verb" is unknown`,
        found: key,
        accepted,
      });
      continue;
    }
    const schema = valueSchema(walk, { chosen, key, pairs, shape: shapeOf(place.schema) });
    object[key] = convertNode(walk, nodeOf(pair.value), { schema, path: [...place.path, key] });
  }
  return object;
}

function readPairs(walk: Walk, node: YAMLMap, path: DocumentPath): Map<string, Pair> {
  const pairs = new Map<string, Pair>();
  for (const pair of node.items) {
    const key = keyText(pair);
    const at = { node: nodeOf(pair.key) ?? node, path };
    if (key === null) refuse(walk, at, { code: 'KEY_REFUSED', state: 'a key is not a plain text' });
    else if (key === '<<') refuse(walk, at, { code: 'MERGE_KEY_REFUSED', state: 'it merges another map by <<' });
    else if (key === '__proto__' || key.length > 1024 || refusedCharacter.test(key))
      refuse(walk, at, { code: 'KEY_REFUSED', state: `it has the key ${quoteFound(key)}` });
    else if (pairs.has(key))
      note(
        walk,
        { node: at.node, path: [...path, key] },
        {
          code: 'DUPLICATE_KEY',
          message: `Cannot read ${quoteFound(key)}: the key stands twice in one map`,
          found: key,
        },
      );
    else pairs.set(key, pair);
    if (nodeOf(pair.key)?.tag !== undefined) refuse(walk, at, { code: 'TAG_REFUSED', state: 'a key has a tag' });
  }
  return pairs;
}
