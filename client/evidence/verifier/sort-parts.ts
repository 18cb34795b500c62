import type { AttestedPart, CheckpointPart, EntryPart, EvidenceHeader, PlanPart } from '../format';
import type { SummaryPart, TrailerPart } from '../format';
import type { ReadLine } from './lines';
import { isAttested, isCheckpointPart, isEntry, isHeader, isPlan, isSummary, isTrailer } from './parts';
import type { EvidenceProblem } from './problem';

/** The lines of a file by what they are. */
export interface Parts {
  readonly headers: readonly EvidenceHeader[];
  readonly entries: readonly EntryPart[];
  readonly plans: readonly PlanPart[];
  readonly summaries: readonly SummaryPart[];
  readonly attested: readonly AttestedPart[];
  readonly checkpoints: readonly CheckpointPart[];
  readonly trailers: readonly TrailerPart[];
}

export interface SortedParts {
  readonly parts: Parts;
  readonly problems: readonly EvidenceProblem[];
}

/** In the order in which they stand in a file (E1). */
const order = ['header', 'entry', 'plan', 'summary', 'attested', 'checkpoint', 'trailer'] as const;
type PartName = (typeof order)[number];

export function sortParts(lines: readonly ReadLine[]): SortedParts {
  const problems: EvidenceProblem[] = [];
  const values: unknown[] = [];
  let rank = 0;
  for (const line of lines) {
    const name = line.ok ? nameOf(line.value) : null;
    if (name === null) {
      const found = line.ok ? 'it is not what a line of evidence holds' : line.found;
      problems.push(problemAt(line.number, 'unreadable', `Cannot read line ${line.number}: ${found}`));
      continue;
    }
    if (order.indexOf(name) < rank)
      problems.push(problemAt(line.number, 'reordered', `Cannot place line ${line.number}: "${name}" comes too late`));
    rank = Math.max(rank, order.indexOf(name));
    if (line.ok) values.push(line.value);
  }
  const parts = partsOf(values);
  return { parts, problems: [...problems, ...countProblems(parts)] };
}

function partsOf(values: readonly unknown[]): Parts {
  return {
    headers: values.filter(isHeader),
    entries: values.filter(isEntry),
    plans: values.filter(isPlan),
    summaries: values.filter(isSummary),
    attested: values.filter(isAttested),
    checkpoints: values.filter(isCheckpointPart),
    trailers: values.filter(isTrailer),
  };
}

/** Null for what is no part, or not of the shape that its name promises. */
function nameOf(value: unknown): PartName | null {
  const part: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'part') : null;
  const name = order.find((known) => known === part);
  return name !== undefined && guards[name](value) ? name : null;
}

const guards: { readonly [N in PartName]: (value: unknown) => boolean } = {
  header: isHeader,
  entry: isEntry,
  plan: isPlan,
  summary: isSummary,
  attested: isAttested,
  checkpoint: isCheckpointPart,
  trailer: isTrailer,
};

function* countProblems({ headers, summaries, attested, checkpoints, trailers }: Parts): Generator<EvidenceProblem> {
  const once = { header: headers, summary: summaries, 'attested facts': attested, trailer: trailers };
  for (const [name, found] of Object.entries(once)) {
    if (found.length === 0) yield problemAt(null, 'missing', `Cannot find the ${name}: the file has none`);
    if (found.length > 1) yield problemAt(null, 'added', `Cannot tell which ${name} counts: the file has several`);
  }
  if (checkpoints.length > 1)
    yield problemAt(null, 'added', 'Cannot tell which checkpoint counts: the file has several');
}

function problemAt(line: number | null, kind: EvidenceProblem['kind'], message: string): EvidenceProblem {
  return { line, seq: null, kind, message };
}
