import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { z } from 'zod';

import type { Catalogue } from '../activities/connector';
import type { Json } from '../workflows/domain/json';
import { standsWhole } from './expression-text';
import { makeProblem, nearestWord, pathText, quoteFound } from './problems';
import type { ProblemCode } from './problem-codes';
import type { DocumentPath, Position, Problem, ProblemDetail } from './problems';
import { fieldOf, keysOf, shapeOf, verbField } from './schema-shape';
import type { Choice, Shape } from './schema-shape';
import { keyText, nodeOf } from './yaml-tree';
import type { YamlTree } from './yaml-tree';
import { holdsExpression, lineAt, positionAt, refusedCharacter } from './yaml-text';

type Schema = z.core.$ZodType;

/** Nodes of one document with its aliases followed: here the bombs go off, or rather do not. */
const nodeLimit = 500_000;
const depthLimit = 100;
const anything = z.unknown();

export interface Conversion {
  readonly value: Json;
  readonly problems: readonly Problem[];
  /** Paths (as text) whose value was refused here: what a schema says about them is an echo. */
  readonly broken: ReadonlySet<string>;
}

export interface ConvertOptions {
  /** With it, `with` of a step keeps texts as the operation's input wants them. */
  readonly catalogue?: Catalogue;
}

/** From YAML nodes to JSON, guided by a schema: it decides whether `0644` is a number or a text, and which verb a step has. */
export function convert(tree: YamlTree, schema: Schema, options: ConvertOptions = {}): Conversion {
  const walk: Walk = { tree, options, problems: [], broken: new Set(), active: new Set(), nodes: 0 };
  const value = convertNode(walk, tree.root, { schema, path: [] });
  return { value, problems: walk.problems, broken: walk.broken };
}

interface Walk {
  readonly tree: YamlTree;
  readonly options: ConvertOptions;
  readonly problems: Problem[];
  readonly broken: Set<string>;
  readonly active: Set<Node>;
  nodes: number;
}

interface Place {
  readonly schema: Schema;
  readonly path: DocumentPath;
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

function convertScalar(walk: Walk, node: Scalar, place: Place): Json {
  const { value } = node;
  const path = place.path;
  if (typeof value === 'string') {
    if (refusedCharacter.test(value))
      return refuse(
        walk,
        { node, path },
        { code: 'CHARACTER_REFUSED', state: 'it holds NUL or half of a surrogate pair' },
      );
    if (node.type === 'PLAIN' && holdsExpression(value) && !standsWhole(value))
      return refuse(
        walk,
        { node, path },
        { code: 'EXPRESSION_NOT_QUOTED', state: 'the expression is not closed by }}' },
      );
    return value;
  }
  const shape = shapeOf(place.schema);
  const source = node.source ?? '';
  if (value === null || value === undefined) return shape.nothing || source === '' || !shape.text ? null : source;
  if (typeof value === 'boolean') return shape.boolean || !shape.text ? value : source;
  if (shape.text && !shape.number) return source;
  const safe =
    typeof value === 'number' && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return safe
    ? value
    : refuse(walk, { node, path }, { code: 'NUMBER_REFUSED', state: `${source} is not exact as a number` });
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

type Chosen =
  | { readonly kind: 'object'; readonly object: z.core.$ZodObject; readonly verb: string | null }
  | { readonly kind: 'record' }
  | { readonly kind: 'refused' };

interface MapAt {
  readonly node: YAMLMap;
  readonly pairs: ReadonlyMap<string, Pair>;
  readonly path: DocumentPath;
  readonly shape: Shape;
}

function chooseObject(walk: Walk, at: MapAt): Chosen {
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
  noteMissingVerb(walk, at, { choice, accepted });
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
  const later = guess === 'window';
  note(
    walk,
    { node: keyNode(at, guess), path: [...at.path, guess] },
    {
      code: later ? 'FIELD_ARRIVES_LATER' : 'UNKNOWN_KEY',
      message: `Cannot read ${describe(at.path)}: the key "${guess}" is unknown`,
      found: guess,
      accepted: of.accepted,
      nearest: later ? null : nearestWord(guess, [...of.accepted, ...known]),
    },
  );
}

function chooseByValue(at: MapAt, choice: Choice): Chosen {
  const pair = at.pairs.get(choice.field);
  const written = pair === undefined ? null : pair.value;
  const object = isScalar(written) ? choice.options.get(String(written.value)) : undefined;
  return object === undefined ? { kind: 'record' } : { kind: 'object', object, verb: null };
}

function valueSchema(
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

interface NodeAt {
  readonly node: Node;
  readonly path: DocumentPath;
}

function keyNode(at: MapAt, key: string | undefined): Node {
  return nodeOf(at.pairs.get(key ?? '')?.key) ?? at.node;
}

/** A value that cannot be read. On a line with an unquoted expression that is what is wrong with it. */
function refuse(walk: Walk, at: NodeAt, { code, state }: { readonly code: ProblemCode; readonly state: string }): null {
  const structural: readonly ProblemCode[] = ['KEY_REFUSED', 'TAG_REFUSED', 'UNKNOWN_ALIAS'];
  const unquoted = structural.includes(code) && holdsExpression(lineAt(walk.tree.text, at.node.range?.[0] ?? 0));
  note(walk, at, {
    code: unquoted ? 'EXPRESSION_NOT_QUOTED' : code,
    message: `Cannot read ${describe(at.path)}: ${state}`,
  });
  walk.broken.add(pathText(at.path));
  return null;
}

function exhaust(walk: Walk, node: Node | null): null {
  // Told once: everything after it is cut off.
  if (walk.nodes === nodeLimit + 1) {
    const message = `Cannot read the document: it has more than ${nodeLimit} values when its aliases are followed`;
    const position = positionAt(walk.tree.lines, node?.range?.[0] ?? 0);
    walk.problems.push(makeProblem('TOO_MANY_NODES', { file: walk.tree.file, path: [], ...position }, { message }));
    walk.broken.add('');
  }
  return null;
}

function note(walk: Walk, at: NodeAt, of: ProblemDetail & { readonly code: ProblemCode }): void {
  const position: Position = positionAt(walk.tree.lines, at.node.range?.[0] ?? 0);
  walk.problems.push(makeProblem(of.code, { file: walk.tree.file, path: at.path, ...position }, of));
}

function describe(path: DocumentPath): string {
  return path.length === 0 ? 'the document' : `"${pathText(path)}"`;
}
