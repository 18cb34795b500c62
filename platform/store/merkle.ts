import { createHash } from 'node:crypto';

/**
 * Hashing and proofs of RFC 6962, section 2.1: a tree that only grows at its end. Hashes are hex. That a leaf is in a tree, and
 * that a tree is the beginning of another, can be checked with a few hashes and nothing else.
 */

/** The root of the tree without leaves. */
export const emptyRoot = createHash('sha256').digest('hex');

export function leafHash(bytes: string): string {
  return createHash('sha256').update(Buffer.of(0)).update(bytes, 'utf8').digest('hex');
}

export function nodeHash(left: string, right: string): string {
  const bytes = Buffer.concat([Buffer.of(1), Buffer.from(left, 'hex'), Buffer.from(right, 'hex')]);
  return createHash('sha256').update(bytes).digest('hex');
}

export interface Inclusion {
  readonly leaf: string;
  /** From 0. */
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
}

/** The root that the tree has if the leaf is in it (RFC 9162, 2.1.3.2); null: the path is none of such a tree. */
export function rootOfInclusion({ leaf, index, size, path }: Inclusion): string | null {
  if (index < 0 || index >= size || !path.every(isHash)) return null;
  let [place, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return null;
    if (isOdd(place) || place === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 ? hash : null;
}

export interface Growth {
  readonly from: { readonly size: number; readonly root: string };
  readonly to: { readonly size: number; readonly root: string };
  readonly path: readonly string[];
}

/** Is the one tree the beginning of the other (RFC 9162, 2.1.4.2)? */
export function isConsistent({ from, to, path }: Growth): boolean {
  if (from.size > to.size || !path.every(isHash)) return false;
  if (from.size === to.size) return path.length === 0 && from.root === to.root;
  if (from.size === 0) return path.length === 0 && from.root === emptyRoot;
  const isWhole = Number.isInteger(Math.log2(from.size));
  const [first, ...rest] = isWhole ? [from.root, ...path] : path;
  if (first === undefined) return false;
  let [place, last] = [from.size - 1, to.size - 1];
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  let [older, newer] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      [older, newer] = [nodeHash(sibling, older), nodeHash(sibling, newer)];
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      newer = nodeHash(newer, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && older === from.root && newer === to.root;
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

// Shifts would cut a number at 32 bits.
function half(value: number): number {
  return Math.floor(value / 2);
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}
