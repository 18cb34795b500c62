import { canonicalJson } from '../../workflows/domain/canonical-json';
import { isConsistent, leafHash, rootOfInclusion } from './merkle';
import { isSignedBy } from './signing-key';

/**
 * How all journals stood at one moment: the root of a tree that only grows, signed by the installation. A leaf says how the journal
 * of one stream stood; each checkpoint adds those of the streams that have grown since the one before, in order of their names.
 */
export interface Checkpoint {
  readonly format: 'mainstay/checkpoint/1';
  readonly installation: string;
  /** 1, 2, 3 … */
  readonly number: number;
  /** Epoch ms. */
  readonly at: number;
  /** Leaves of the tree. */
  readonly size: number;
  readonly root: string;
  /** The checkpoint before it; of the first one the empty tree. */
  readonly previous: { readonly size: number; readonly root: string };
  /** That the tree before is the beginning of this one (RFC 6962, 2.1.2). */
  readonly consistency: readonly string[];
  /** PEM. */
  readonly publicKey: string;
  readonly signature: string;
}

/** How the journal of a stream stood. */
export interface CheckpointLeaf {
  readonly stream: string;
  readonly count: number;
  readonly head: string;
}

/** That a journal stood so when a checkpoint was made, or one before it: where the state is in the tree. */
export interface CoveredState {
  readonly leaf: CheckpointLeaf;
  readonly index: number;
  readonly path: readonly string[];
}

export type UnsignedCheckpoint = Omit<Checkpoint, 'publicKey' | 'signature'>;

/** What is signed, and what a time stamp is over. */
export function checkpointText(checkpoint: UnsignedCheckpoint): string {
  const { format, installation, number, at, size, root, previous } = checkpoint;
  return canonicalJson({ format, installation, number, at, size, root, previous: { ...previous } });
}

export function leafOf({ stream, count, head }: CheckpointLeaf): string {
  return leafHash(canonicalJson({ stream, count, head }));
}

/** What is wrong with a checkpoint by itself, or null. */
export function checkpointProblem(checkpoint: Checkpoint): string | null {
  const { previous, size, root, consistency, signature, publicKey } = checkpoint;
  if (!isSignedBy(checkpointText(checkpoint), signature, publicKey)) return 'its signature does not fit';
  if (!isConsistent({ from: previous, to: { size, root }, path: consistency }))
    return 'its tree is not the one before it, grown';
  return null;
}

/** Does the tree of the checkpoint have the state? */
export function isCovered({ leaf, index, path }: CoveredState, { size, root }: Checkpoint): boolean {
  return rootOfInclusion({ leaf: leafOf(leaf), index, size, path }) === root;
}
