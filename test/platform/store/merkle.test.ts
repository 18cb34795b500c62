import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { emptyRoot, isConsistent, leafHash, nodeHash, rootOfInclusion } from '../../../platform/store/merkle';
import { consistencyPath, growTree, inclusionPath, rootOf } from '../../../platform/store/merkle-tree';
import type { NodeAt } from '../../../platform/store/merkle-tree';

/** The definition of RFC 6962 itself, over the leaves. */
function slowRoot(leaves: readonly string[]): string {
  const [first] = leaves;
  if (first === undefined) return createHash('sha256').digest('hex');
  if (leaves.length === 1) return first;
  let middle = 1;
  while (middle * 2 < leaves.length) middle *= 2;
  return nodeHash(slowRoot(leaves.slice(0, middle)), slowRoot(leaves.slice(middle)));
}

function leavesOf(size: number): readonly string[] {
  return Array.from({ length: size }, (_, index) => leafHash(`leaf ${index}`));
}

/** A tree that has grown by the given numbers of leaves. */
async function treeOf(portions: readonly number[]): Promise<NodeAt> {
  const nodes = new Map<string, string>();
  const nodeAt: NodeAt = async (level, position) => {
    const hash = nodes.get(`${level}/${position}`);
    if (hash === undefined) throw new Error(`Cannot find node ${level}/${position}: it was never made`);
    return hash;
  };
  let size = 0;
  for (const portion of portions) {
    const leaves = leavesOf(size + portion).slice(size);
    for (const { level, position, hash } of await growTree(nodeAt, size, leaves))
      nodes.set(`${level}/${position}`, hash);
    size += portion;
  }
  return nodeAt;
}

const sizes = fc.integer({ min: 1, max: 200 });

test('leafHash(), nodeHash() and the empty root are those of RFC 6962', () => {
  // Test vectors of the certificate-transparency reference implementation.
  expect(emptyRoot).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(leafHash('')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  expect(leafHash('L123456')).toBe('395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56');
});

test('rootOf() is the root of RFC 6962 at every size, however the tree has grown', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }), async (portions) => {
      const total = portions.reduce((sum, portion) => sum + portion, 0);
      const nodeAt = await treeOf(portions);

      expect(await rootOf(nodeAt, total)).toBe(slowRoot(leavesOf(total)));
    }),
    { numRuns: 40 },
  );
});

test('rootOfInclusion() accepts every leaf at its place in every tree, and at no other place', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, anyIndex, anyOther) => {
      const [index, other] = [anyIndex % size, anyOther % size];
      const leaves = leavesOf(size);
      const leaf = leaves[index] ?? '';
      const path = await inclusionPath(await treeOf([size]), index, size);
      const root = slowRoot(leaves);

      expect(rootOfInclusion({ leaf, index, size, path })).toBe(root);
      if (other !== index) expect(rootOfInclusion({ leaf, index: other, size, path })).not.toBe(root);
      expect(rootOfInclusion({ leaf: leafHash('another'), index, size, path })).not.toBe(root);
      expect(rootOfInclusion({ leaf, index, size, path: [...path, root] })).not.toBe(root);
      if (path.length > 0) expect(rootOfInclusion({ leaf, index, size, path: path.slice(1) })).not.toBe(root);
    }),
    { numRuns: 60 },
  );
});

test('isConsistent() accepts a tree that has only grown, and no other', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, sizes, async (one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      const nodeAt = await treeOf([to]);
      const growth = {
        from: { size: from, root: slowRoot(leavesOf(from)) },
        to: { size: to, root: slowRoot(leavesOf(to)) },
        path: await consistencyPath(nodeAt, from, to),
      };
      const forged = slowRoot(leavesOf(from).with(0, leafHash('forged')));

      expect(isConsistent(growth)).toBe(true);
      expect(isConsistent({ ...growth, from: { size: from, root: forged } })).toBe(false);
      expect(isConsistent({ ...growth, to: { size: to, root: forged } })).toBe(false);
      expect(isConsistent({ ...growth, path: [...growth.path, forged] })).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('every tree has grown from the empty one, which has no other root', () => {
  const to = { size: 3, root: slowRoot(leavesOf(3)) };

  expect(isConsistent({ from: { size: 0, root: emptyRoot }, to, path: [] })).toBe(true);
  expect(isConsistent({ from: { size: 0, root: to.root }, to, path: [] })).toBe(false);
});
