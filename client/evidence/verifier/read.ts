import { createHash } from 'node:crypto';

import { ChainCheck } from '../../../platform/store/verify';
import type { Json } from '../../../workflows/domain/json';
import { evidenceFormat, evidenceFormats } from '../format';
import type { AttestedPart, CheckpointPart, CoveredPart, EvidenceHeader, PlanPart, TrailerPart } from '../format';
import { textIn } from '../payload';
import { Summary } from '../summary';
import type { EvidenceSummary } from '../summary';
import { readLines } from './lines';
import type { Bytes, ReadLine } from './lines';
import { isPart, partNames } from './parts';
import { problem } from './problem';
import type { EvidenceProblem } from './problem';

/** What was read: all but the entries, of which only what is told of them is kept. */
export interface EvidenceFile {
  readonly header: EvidenceHeader;
  readonly journal: ChainCheck;
  /** Made from the entries. */
  readonly summary: EvidenceSummary;
  readonly plans: readonly PlanPart[];
  readonly attested: AttestedPart;
  /** Null: none covers the journal yet. */
  readonly checkpoint: CheckpointPart | null;
  readonly covered: readonly CoveredPart[];
  readonly trailer: TrailerPart;
  /** What stands before the trailer. */
  readonly sealed: Sealed;
}

interface Sealed {
  readonly lines: number;
  /** SHA-256 (hex). */
  readonly digest: string;
}

/** `file` is null where there is too little of one to look into. */
interface ReadEvidence {
  readonly file: EvidenceFile | null;
  readonly problems: readonly EvidenceProblem[];
}

/** Line by line: the entries of a long journal are looked at one by one, and not kept. */
export function readEvidence(bytes: Bytes): ReadEvidence {
  const reader = new Reader();
  for (const line of readLines(bytes)) reader.add(line);
  return reader.end();
}

class Reader {
  readonly #problems: EvidenceProblem[] = [];
  readonly #journal = new ChainCheck();
  readonly #summary = new Summary();
  readonly #headers: EvidenceHeader[] = [];
  readonly #plans: PlanPart[] = [];
  readonly #attested: AttestedPart[] = [];
  readonly #checkpoints: CheckpointPart[] = [];
  readonly #covered: CoveredPart[] = [];
  readonly #trailers: TrailerPart[] = [];
  readonly #hash = createHash('sha256');
  #sealed: Sealed = { lines: 0, digest: '' };
  #rank = 0;
  /** The file is of another format than this program reads: no other line of it is to be judged. */
  #foreign: EvidenceProblem | null = null;

  add({ number, bytes, content }: ReadLine): void {
    if (number === 1 && content.ok) this.#foreign = foreignFormat(content.value);
    const name = content.ok ? this.#take(content.value) : null;
    if (name === 'trailer') this.#sealed = { lines: number - 1, digest: this.#hash.copy().digest('hex') };
    this.#hash.update(bytes);
    if (name === null) {
      const found = content.ok ? 'it is not what a line of evidence holds' : content.found;
      this.#problems.push(problem('unreadable', `Cannot read line ${number}: ${found}`, { line: number }));
      return;
    }
    const rank = partNames.indexOf(name);
    if (rank < this.#rank)
      this.#problems.push(
        problem('reordered', `Cannot place line ${number}: "${name}" comes too late`, { line: number }),
      );
    this.#rank = Math.max(this.#rank, rank);
  }

  /** Null for what is no part, or not of the shape that its name promises. */
  #take(value: unknown): (typeof partNames)[number] | null {
    if (isPart('entry', value)) {
      this.#journal.add(value);
      this.#summary.add(value);
      return 'entry';
    }
    if (isPart('header', value)) this.#headers.push(value);
    else if (isPart('plan', value)) this.#plans.push(value);
    else if (isPart('attested', value)) this.#attested.push(value);
    else if (isPart('checkpoint', value)) this.#checkpoints.push(value);
    else if (isPart('covered', value)) this.#covered.push(value);
    else if (isPart('trailer', value)) this.#trailers.push(value);
    else return null;
    return value.part;
  }

  end(): ReadEvidence {
    if (this.#foreign !== null) return { file: null, problems: [this.#foreign] };
    const header = this.#one('header', this.#headers);
    const attested = this.#one('attested facts', this.#attested);
    const trailer = this.#one('trailer', this.#trailers);
    const checkpoint = this.#checkpoints.length === 0 ? null : this.#one('checkpoint', this.#checkpoints);
    const parts = { journal: this.#journal, summary: this.#summary.made(), plans: this.#plans, covered: this.#covered };
    if (header !== null && attested !== null && trailer !== null) {
      const file = { header, ...parts, attested, checkpoint, trailer, sealed: this.#sealed };
      return { file, problems: this.#problems };
    }
    const chain = this.#journal.verdict();
    return {
      file: null,
      problems: [
        ...this.#problems,
        ...(chain.ok ? [] : chain.problems.map(({ kind, message, seq }) => problem(kind, message, { seq }))),
      ],
    };
  }

  #one<T>(name: string, found: readonly T[]): T | null {
    if (found.length === 0) this.#problems.push(problem('missing', `Cannot find the ${name}: the file has none`));
    if (found.length > 1)
      this.#problems.push(problem('added', `Cannot tell which ${name} counts: the file has several`));
    return found[0] ?? null;
  }
}

function foreignFormat(header: Json): EvidenceProblem | null {
  const format = textIn(header, 'format');
  if (!format.startsWith(evidenceFormats) || format === evidenceFormat) return null;
  const reader = `mainstay-verify of Mainstay "${textIn(header, 'mainstay')}" does`;
  const message = `Cannot read the file: its format is "${format}", and this program reads "${evidenceFormat}"; ${reader}`;
  return problem('unreadable', message, { line: 1 });
}
