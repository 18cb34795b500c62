import type { CheckpointProof } from '../../platform/store/checkpoint';
import type { StoredEntry } from '../../platform/store/store';
import type { Json } from '../../workflows/domain/json';
import type { EvidenceSummary } from './summary';

/**
 * Evidence of one process as a file: JSON lines, each canonical, each with its `part`.
 *
 * - E1 First the header, then the journal entry by entry, then the plans, the summary, what is attested, the checkpoint, the trailer.
 * - E2 The trailer has the digest of everything before it, and is signed by the installation: no byte can change.
 * - E3 The summary says nothing that the journal does not: it can be made again from the entries, and is held against them.
 * - E4 What the journal cannot prove stands in `attested`: it has the word of the installation only.
 */
export const evidenceFormat = 'mainstay/evidence/1';

export interface EvidenceHeader {
  readonly part: 'header';
  readonly format: typeof evidenceFormat;
  /** `run-7`, `change-12`, `drill-b0123456789ab`. */
  readonly name: string;
  readonly stream: string;
  readonly installation: string;
  /** Version of the program that wrote the file. */
  readonly mainstay: string;
  /** Epoch ms. */
  readonly exportedAt: number;
}

export type EntryPart = StoredEntry & { readonly part: 'entry' };

/** A plan that an entry names by its digest; host shards are named in it by theirs. */
export interface PlanPart {
  readonly part: 'plan';
  readonly digest: string;
  readonly planHash: string;
  readonly plan: Json;
}

export type SummaryPart = EvidenceSummary & { readonly part: 'summary' };

export interface AttestedPart {
  readonly part: 'attested';
  /** How the journals of child runs stood. */
  readonly children: readonly ChildHead[];
  /** Whether the store has the output that the journal has the digest of. */
  readonly outputs: readonly KeptOutput[];
  /** Published definitions that the process went by, as far as their versions are recorded. */
  readonly definitions: readonly DefinitionVersion[];
}

export interface ChildHead {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  readonly head: string;
}

export interface KeptOutput {
  readonly path: string;
  readonly phase: string;
  readonly generation: number;
  readonly stream: 'stdout' | 'stderr';
  /** `expired`: its time is over. `different`: what is stored is not what was journaled. */
  readonly kept: 'whole' | 'expired' | 'different';
}

export interface DefinitionVersion {
  readonly kind: string;
  readonly name: string;
  readonly version: string;
  readonly digest: string;
}

export type CheckpointPart = CheckpointProof & { readonly part: 'checkpoint' };

export interface TrailerPart {
  readonly part: 'trailer';
  /** Lines before this one. */
  readonly lines: number;
  /** SHA-256 (hex) of their bytes. */
  readonly digest: string;
  /** Of the journal: entries, and hash of the last. */
  readonly count: number;
  readonly head: string;
  /** PEM. */
  readonly publicKey: string;
  readonly signature: string;
}

export type EvidencePart =
  EvidenceHeader | EntryPart | PlanPart | SummaryPart | AttestedPart | CheckpointPart | TrailerPart;

/** What the trailer's signature is over, as canonical JSON. */
export function signedOf(header: EvidenceHeader, trailer: Omit<TrailerPart, 'part' | 'publicKey' | 'signature'>): Json {
  const { format, name, stream, installation, mainstay, exportedAt } = header;
  const { lines, digest, count, head } = trailer;
  return { format, name, stream, installation, mainstay, exportedAt, lines, digest, count, head };
}
