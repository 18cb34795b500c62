import type { StepStatus } from '../../workflows/domain/step-status';
import { countedAs } from './folds/hosts';
import type { StepDocument } from './folds/steps';
import type { StepRow } from './store';

/** From mild to bad: of several groups the worst shows. A group that still runs makes the step run. */
const fromMildToBad: readonly StepStatus[] = [
  'pending',
  'skipped',
  'succeeded',
  'undone',
  'cancelled',
  'failed',
  'unknown',
  'running',
];

export interface HostCount {
  readonly step: string;
  readonly phase: string;
  readonly severity: number;
  readonly hosts: number;
}

/** Steps as screens show them, in order of first appearance: one row for each path and phase, whatever its groups. */
export function stepRows(
  runId: string,
  documents: readonly StepDocument[],
  { counts, resumedSeq }: { readonly counts: readonly HostCount[]; readonly resumedSeq: number },
): readonly StepRow[] {
  const groupsOf = new Map<string, StepDocument[]>();
  for (const document of documents) {
    const key = placeKey(document.path, document.phase);
    const groups = groupsOf.get(key);
    if (groups === undefined) groupsOf.set(key, [document]);
    else groups.push(document);
  }
  const countsOf = sumCounts(counts);
  const rows: StepRow[] = [];
  for (const [key, groups] of groupsOf) {
    const merged = mergeGroups(groups, resumedSeq);
    if (merged !== null) rows.push({ runId, ...merged, counts: countsOf.get(key) ?? null });
  }
  return rows.sort((left, right) => left.position - right.position);
}

/** After a resume the groups are cut anew: if the step was entered again, what its earlier groups said no longer holds. */
function mergeGroups(groups: readonly StepDocument[], resumedSeq: number): Omit<StepRow, 'runId' | 'counts'> | null {
  const recent = groups.filter((group) => group.lastSeq > resumedSeq);
  const valid = (recent.length > 0 ? recent : groups).toSorted((left, right) => left.position - right.position);
  const [worst] = valid.toSorted((left, right) => badness(right.status) - badness(left.status));
  if (worst === undefined) return null;
  const { path, id, verb, phase, status, error, outputs } = worst;
  return {
    path,
    id,
    verb,
    phase,
    generation: Math.max(...valid.map((group) => group.generation)),
    status,
    rescued: valid.some((group) => group.rescued),
    attempts: Math.max(...valid.map((group) => group.attempts)),
    startedAt: smallest(valid.map((group) => group.startedAt)),
    endedAt: valid.some((group) => group.endedAt === null) ? null : largest(valid.map((group) => group.endedAt)),
    error,
    outputs,
    position: Math.min(...groups.map((group) => group.position)),
  };
}

function sumCounts(counts: readonly HostCount[]): Map<string, NonNullable<StepRow['counts']>> {
  const sums = new Map<string, NonNullable<StepRow['counts']>>();
  for (const { step, phase, severity, hosts } of counts) {
    const kind = countedAs[severity];
    if (kind === undefined) continue;
    const key = placeKey(step, phase);
    const known = sums.get(key) ?? { ok: 0, failed: 0, skipped: 0, unknown: 0 };
    sums.set(key, { ...known, [kind]: known[kind] + hosts });
  }
  return sums;
}

function placeKey(path: string, phase: string): string {
  return `${path}\n${phase}`;
}

function badness(status: StepStatus): number {
  return fromMildToBad.indexOf(status);
}

function smallest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function largest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}
