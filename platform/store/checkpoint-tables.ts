export interface CheckpointsTable {
  number: number;
  /** Canonical JSON of the checkpoint. */
  document: string;
  /** Time stamp (RFC 3161, base64); null: none yet. */
  stamp: string | null;
}

/** The leaves of the tree: how a journal stood. Only ever added at the end. */
export interface CheckpointLeavesTable {
  position: number;
  stream: string;
  count: number;
  head: string;
}

/** Hashes of whole subtrees, leaves among them, so that a proof needs some of them and not all leaves. */
export interface CheckpointNodesTable {
  level: number;
  position: number;
  hash: string;
}
