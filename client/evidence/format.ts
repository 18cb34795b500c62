import type { Checkpoint, CoveredState } from '../../platform/store/checkpoint';
import type { StoredEntry } from '../../platform/store/store';
import type { Json } from '../../workflows/domain/json';

/**
 * Evidence of one process as a file: JSON lines, each canonical, each with its `part`.
 *
 * - E1 First the header, then the journal entry by entry, then the plans, what is attested, the checkpoint, the states of journals that
 *   it covers, the trailer. Whoever writes or reads one needs no more than a line of it at a time.
 * - E2 The trailer has the digest of everything before it, and is signed by the installation: no byte can change.
 * - E3 Nothing is said twice: votes, digests of output and redactions are read out of the entries.
 * - E4 What the journal cannot prove stands in `attested`: a checkpoint proves it, or it has the word of the installation only.
 */
export const evidenceFormat = 'mainstay/evidence/2';

/** What the formats of evidence, earlier and later ones, begin with. */
export const evidenceFormats = 'mainstay/evidence/';

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

export interface AttestedPart {
  readonly part: 'attested';
  /** How the journals of child runs stand. */
  readonly children: readonly ChildHead[];
  /** What the store has no more of the output that the journal has the digest of. */
  readonly lostOutputs: readonly LostOutput[];
  /** Published calendars that were asked: the journal has their versions, their digests are told here. */
  readonly calendars: readonly CalendarVersion[];
}

export interface ChildHead {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  readonly head: string;
}

export interface LostOutput {
  readonly path: string;
  readonly phase: string;
  readonly generation: number;
  readonly stream: 'stdout' | 'stderr';
  /** `expired`: its time is over. `different`: what is stored is not what was journaled. */
  readonly found: 'expired' | 'different';
}

export interface CalendarVersion {
  readonly calendar: string;
  readonly version: string;
  /** Empty: the store has this version no more. */
  readonly digest: string;
}

export interface CheckpointPart {
  readonly part: 'checkpoint';
  readonly checkpoint: Checkpoint;
  /** Time stamp of the checkpoint (RFC 3161, base64); null: nobody was asked for one. */
  readonly stamp: string | null;
}

/** One for every state of this journal that a checkpoint has covered, and one for each child run: its newest. */
export type CoveredPart = CoveredState & { readonly part: 'covered' };

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

/** What stands before the trailer. */
export type EvidencePart = EvidenceHeader | EntryPart | PlanPart | AttestedPart | CheckpointPart | CoveredPart;

/** What the trailer's signature is over, as canonical JSON. */
export function signedOf(header: EvidenceHeader, trailer: Omit<TrailerPart, 'part' | 'publicKey' | 'signature'>): Json {
  const { format, name, stream, installation, mainstay, exportedAt } = header;
  const { lines, digest, count, head } = trailer;
  return { format, name, stream, installation, mainstay, exportedAt, lines, digest, count, head };
}
