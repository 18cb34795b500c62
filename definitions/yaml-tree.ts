import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Document, LineCounter, Node, Pair, YAMLMap } from 'yaml';

import type { DocumentPath, Position } from './problems';
import { positionAt } from './yaml-text';

/** One document's tree with its aliases resolved by position: an alias means the last anchor of that name before it. */
export interface YamlTree {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  readonly root: Node | null;
  readonly aliases: ReadonlyMap<Alias, Node>;
}

export function treeOf(of: { file: string; text: string; lines: LineCounter; document: Document.Parsed }): YamlTree {
  const aliases = new Map<Alias, Node>();
  resolveAliases(of.document.contents, new Map(), aliases);
  return { file: of.file, text: of.text, lines: of.lines, root: of.document.contents, aliases };
}

/** A key as text, whatever it looks like; null when it is a list or a map. */
export function keyText(pair: Pair): string | null {
  const { key } = pair;
  if (!isScalar(key)) return null;
  if (key.type === 'PLAIN') return key.source ?? '';
  return typeof key.value === 'string' ? key.value : String(key.value);
}

export function nodeOf(value: unknown): Node | null {
  return isAlias(value) || isMap(value) || isSeq(value) || isScalar(value) ? value : null;
}

/** Where the value at a path stands; for a path that is not there, the nearest thing around it. */
export function locateValue(tree: YamlTree, path: DocumentPath): Position {
  return positionAt(tree.lines, offsetOf(find(tree, path).node));
}

/** Where a character of a text stands, if it is written line by line; else where the text begins. */
export function locateWithin(tree: YamlTree, path: DocumentPath, offset: number): Position {
  const start = locateValue(tree, path);
  const { node } = find(tree, path);
  if (!isScalar(node) || node.type !== 'BLOCK_LITERAL' || typeof node.value !== 'string') return start;
  const before = node.value.slice(0, offset).split('\n');
  const written = node.value.split('\n')[before.length - 1] ?? '';
  const line = start.line + before.length;
  const indent = (tree.text.split('\n')[line - 1] ?? '').indexOf(written);
  return { line, column: Math.max(indent, 0) + (before.at(-1) ?? '').length + 1 };
}

/** Where the key stands that names the last part of a path. */
export function locateKey(tree: YamlTree, path: DocumentPath): Position {
  const { key, node } = find(tree, path);
  return positionAt(tree.lines, offsetOf(key ?? node));
}

/** What the author wrote for a scalar, before its type was decided; null for everything else. */
export function sourceAt(tree: YamlTree, path: DocumentPath): string | null {
  const { node, whole } = find(tree, path);
  if (!whole || !isScalar(node)) return null;
  return typeof node.value === 'string' ? node.value : (node.source ?? null);
}

interface Found {
  readonly node: Node | null;
  readonly key: Node | null;
  /** The path was followed to its end. */
  readonly whole: boolean;
}

function find(tree: YamlTree, path: DocumentPath): Found {
  let node = follow(tree, tree.root);
  let key: Node | null = null;
  for (const part of path) {
    const next = child(node, part);
    if (next === null) return { node, key: null, whole: false };
    // A value that is absent (`title:`) is pointed at by its key.
    node = follow(tree, next.value) ?? next.key;
    key = next.key;
  }
  return { node, key, whole: true };
}

function child(node: Node | null, part: string | number): { key: Node | null; value: Node | null } | null {
  if (isMap(node)) {
    const pair = pairsOf(node).get(String(part));
    return pair === undefined ? null : { key: nodeOf(pair.key), value: nodeOf(pair.value) };
  }
  if (!isSeq(node) || typeof part !== 'number') return null;
  const item = nodeOf(node.items[part]);
  return item === null ? null : { key: null, value: item };
}

const pairIndices = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

/** A map with very many keys may have as many problems: each must be found without looking through all. */
function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = pairIndices.get(map);
  if (known !== undefined) return known;
  const pairs = new Map<string, Pair>();
  for (const pair of map.items) {
    const key = keyText(pair);
    if (key !== null && !pairs.has(key)) pairs.set(key, pair);
  }
  pairIndices.set(map, pairs);
  return pairs;
}

function follow(tree: YamlTree, node: Node | null): Node | null {
  return isAlias(node) ? (tree.aliases.get(node) ?? node) : node;
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

function resolveAliases(node: unknown, anchors: Map<string, Node>, aliases: Map<Alias, Node>): void {
  if (isAlias(node)) {
    const target = anchors.get(node.source);
    if (target !== undefined) aliases.set(node, target);
    return;
  }
  if (isScalar(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
  if (isMap(node)) {
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    for (const pair of node.items) {
      resolveAliases(pair.key, anchors, aliases);
      resolveAliases(pair.value, anchors, aliases);
    }
  }
  if (isSeq(node)) {
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    for (const item of node.items) resolveAliases(item, anchors, aliases);
  }
}
