import { canonicalJson } from '../../../workflows/domain/canonical-json';
import type { StepStatus } from '../../../workflows/domain/step-status';
import type { Session } from '../database';
import { toJson } from '../json';
import { readDocument } from '../schema';
import type { StepRow } from '../store';
import { inChunks } from '../chunks';
import type { FoldEntry } from './entry';

/**
 * One step; in a rollout body, one step for one group of hosts. The newest generation counts; within one, an end is stronger than
 * a start. Screens see the groups of a step as one row (`mergeGroups`).
 */
export interface StepDocument {
  readonly path: string;
  readonly phase: string;
  readonly group: number | null;
  readonly id: string;
  readonly verb: string;
  readonly generation: number;
  readonly status: StepStatus;
  readonly rescued: boolean;
  readonly attempts: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly error: StepRow['error'];
  readonly outputs: StepRow['outputs'];
  /** Seq of its first and of its last entry. */
  readonly position: number;
  readonly lastSeq: number;
}

type StepEntry = Extract<FoldEntry, { readonly kind: 'step.started' | 'step.ended' }>;

export function foldStep(before: StepDocument | null, entry: StepEntry): StepDocument {
  const lastSeq = entry.seq;
  if (before !== null && entry.payload.generation < before.generation) return before;
  const { path, phase, group, id, verb, generation } = entry.payload;
  const place = { path, phase, group, id, verb, generation, position: before?.position ?? entry.seq, lastSeq };
  switch (entry.kind) {
    case 'step.started':
      if (before !== null && before.generation === generation && before.endedAt !== null) {
        return { ...before, startedAt: before.startedAt ?? entry.at, lastSeq };
      }
      return {
        ...place,
        status: 'running',
        rescued: false,
        attempts: Math.max(before?.attempts ?? 0, 1),
        startedAt: entry.at,
        endedAt: null,
        error: null,
        outputs: {},
      };
    case 'step.ended': {
      const { status, rescued, attempts, startedAt, error, outputs } = entry.payload;
      return { ...place, status, rescued, attempts, startedAt, endedAt: entry.at, error, outputs };
    }
  }
}

export async function applyToSteps(session: Session, runId: string, entries: readonly FoldEntry[]): Promise<void> {
  const relevant = entries.filter((entry) => entry.kind === 'step.started' || entry.kind === 'step.ended');
  if (relevant.length === 0) return;
  const steps = await loadSteps(session, runId, [...new Set(relevant.map(({ payload }) => payload.path))]);
  const touched = new Map<string, StepDocument>();
  for (const entry of relevant) {
    const key = stepKey(entry.payload);
    const folded = foldStep(touched.get(key) ?? steps.get(key) ?? null, entry);
    touched.set(key, folded);
  }
  for (const chunk of inChunks([...touched.values()])) await saveSteps(session, runId, chunk);
}

async function loadSteps(
  session: Session,
  runId: string,
  paths: readonly string[],
): Promise<Map<string, StepDocument>> {
  const steps = new Map<string, StepDocument>();
  for (const chunk of inChunks(paths)) {
    const rows = await session.query
      .selectFrom('steps')
      .select('document')
      .where('run_id', '=', runId)
      .where('path', 'in', chunk)
      .execute();
    for (const row of rows) {
      const step = readDocument<StepDocument>(row.document);
      steps.set(stepKey(step), step);
    }
  }
  return steps;
}

async function saveSteps(session: Session, runId: string, steps: readonly StepDocument[]): Promise<void> {
  const rows = steps.map((step) => ({
    run_id: runId,
    path: step.path,
    phase: step.phase,
    group_index: step.group ?? -1,
    document: canonicalJson(toJson(step)),
  }));
  await session.query
    .insertInto('steps')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['run_id', 'path', 'phase', 'group_index'])
        .doUpdateSet((excluded) => ({ document: excluded.ref('excluded.document') })),
    )
    .execute();
}

function stepKey(step: { readonly path: string; readonly phase: string; readonly group: number | null }): string {
  return `${step.path}\n${step.phase}\n${step.group ?? -1}`;
}
