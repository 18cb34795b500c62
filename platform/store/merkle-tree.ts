import { emptyRoot, nodeHash } from './merkle';

/** Hash of the whole subtree of 2^level leaves that is the `position`-th of its level. */
export type NodeAt = (level: number, position: number) => Promise<string>;

export interface TreeNode {
  readonly level: number;
  readonly position: number;
  readonly hash: string;
}

/** The nodes that come with new leaves at the end of a tree of `size`: the leaves, and every subtree that they make whole. */
export async function growTree(nodeAt: NodeAt, size: number, leaves: readonly string[]): Promise<readonly TreeNode[]> {
  const fresh = new Map<string, TreeNode>();
  async function known(level: number, position: number): Promise<string> {
    return fresh.get(`${level}/${position}`)?.hash ?? nodeAt(level, position);
  }
  for (const [offset, leaf] of leaves.entries()) {
    let node: TreeNode = { level: 0, position: size + offset, hash: leaf };
    fresh.set(`0/${node.position}`, node);
    while (node.position % 2 === 1) {
      const hash = nodeHash(await known(node.level, node.position - 1), node.hash);
      node = { level: node.level + 1, position: Math.floor(node.position / 2), hash };
      fresh.set(`${node.level}/${node.position}`, node);
    }
  }
  return [...fresh.values()];
}

export function rootOf(nodeAt: NodeAt, size: number): Promise<string> {
  return size === 0 ? Promise.resolve(emptyRoot) : hashOf(nodeAt, { start: 0, end: size });
}

/** PATH of RFC 6962: from the leaf up to the root. */
export function inclusionPath(nodeAt: NodeAt, index: number, size: number): Promise<readonly string[]> {
  return pathWithin(nodeAt, index, { start: 0, end: size });
}

/** PROOF of RFC 6962: what makes the tree of the one size the beginning of that of the other. */
export async function consistencyPath(nodeAt: NodeAt, from: number, to: number): Promise<readonly string[]> {
  if (from === 0 || from === to) return [];
  return growthWithin(nodeAt, { from, isWhole: true }, { start: 0, end: to });
}

/** Leaves from `start` to before `end`; `start` is a multiple of the largest power of two within. */
interface Span {
  readonly start: number;
  readonly end: number;
}

async function hashOf(nodeAt: NodeAt, span: Span): Promise<string> {
  const { start, end } = span;
  const level = Math.log2(end - start);
  if (Number.isInteger(level)) return nodeAt(level, start / (end - start));
  const middle = middleOf(span);
  const left = await hashOf(nodeAt, { start, end: middle });
  return nodeHash(left, await hashOf(nodeAt, { start: middle, end }));
}

async function pathWithin(nodeAt: NodeAt, index: number, span: Span): Promise<readonly string[]> {
  if (span.end - span.start === 1) return [];
  const middle = middleOf(span);
  const [left, right] = [
    { start: span.start, end: middle },
    { start: middle, end: span.end },
  ];
  return index < middle
    ? [...(await pathWithin(nodeAt, index, left)), await hashOf(nodeAt, right)]
    : [...(await pathWithin(nodeAt, index, right)), await hashOf(nodeAt, left)];
}

async function growthWithin(
  nodeAt: NodeAt,
  { from, isWhole }: { readonly from: number; readonly isWhole: boolean },
  span: Span,
): Promise<readonly string[]> {
  if (from === span.end) return isWhole ? [] : [await hashOf(nodeAt, span)];
  const middle = middleOf(span);
  const [left, right] = [
    { start: span.start, end: middle },
    { start: middle, end: span.end },
  ];
  return from <= middle
    ? [...(await growthWithin(nodeAt, { from, isWhole }, left)), await hashOf(nodeAt, right)]
    : [...(await growthWithin(nodeAt, { from, isWhole: false }, right)), await hashOf(nodeAt, left)];
}

/** The left side is the largest whole subtree that is less than all. */
function middleOf({ start, end }: Span): number {
  let size = 1;
  while (size * 2 < end - start) size *= 2;
  return start + size;
}
