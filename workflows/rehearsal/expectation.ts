import type { HostRow } from '../domain/journal';
import type { AnyJournalEntry } from '../effects';
import type { ProcedureResult } from '../runbook/interpret';
import type { Expectation } from './schema';
import type { Applied } from './world';

/** What there is to compare with. */
export interface Played {
  readonly result: ProcedureResult | null;
  readonly journal: readonly AnyJournalEntry[];
  readonly rows: readonly HostRow[];
  readonly applied: readonly Applied[];
}

/** Everything that was expected and did not come so; empty: as expected. */
export function missedExpectations(expectation: Expectation, played: Played): readonly string[] {
  const { outcome, degraded, outputs } = expectation;
  const missed: string[] = [];
  if (outcome !== undefined && played.result?.outcome !== outcome)
    missed.push(`outcome: expected ${outcome}, found ${played.result?.outcome ?? 'none'}`);
  if (degraded !== undefined && played.result?.degraded !== degraded)
    missed.push(`degraded: expected ${degraded}, found ${played.result?.degraded ?? 'none'}`);
  for (const [name, value] of Object.entries(outputs ?? {})) {
    const found = JSON.stringify(played.result?.outputs[name] ?? null);
    if (found !== JSON.stringify(value))
      missed.push(`outputs.${name}: expected ${JSON.stringify(value)}, found ${found}`);
  }
  return [...missed, ...missedSteps(expectation, played), ...forbidden(expectation, played)];
}

function missedSteps({ steps }: Expectation, played: Played): readonly string[] {
  const missed: string[] = [];
  for (const [step, expected] of Object.entries(steps ?? {})) {
    if (typeof expected === 'string') {
      const found = statusOfStep(step, played);
      if (found !== expected) missed.push(`steps.${step}: expected ${expected}, found ${found}`);
      continue;
    }
    for (const [host, status] of Object.entries(expected)) {
      const found = statusOfHost(step, host, played);
      if (found !== status) missed.push(`steps.${step}.${host}: expected ${status}, found ${found}`);
    }
  }
  return missed;
}

/** The newest entry of its own, else the worst of its hosts. */
export function statusOfStep(step: string, { journal }: Played): string {
  let found = 'pending';
  for (const entry of journal) {
    if (entry.kind !== 'step.ended' || !isStep(entry.payload.path, step)) continue;
    const isWorse =
      entry.payload.group !== null &&
      entry.payload.phase === 'do' &&
      found !== 'pending' &&
      entry.payload.status === 'succeeded';
    if (!isWorse) found = entry.payload.status;
  }
  return found;
}

export function statusOfHost(step: string, host: string, { rows }: Pick<Played, 'rows'>): string {
  const own = rows.filter((row) => row.host === host && isStep(row.step, step));
  const undo = own.findLast((row) => row.phase === 'undo');
  const last = own.findLast((row) => row.phase === 'do');
  if (undo?.status === 'succeeded') return 'undone';
  return last?.status ?? 'pending';
}

function forbidden({ never }: Expectation, { applied }: Played): readonly string[] {
  const broken: string[] = [];
  for (const rule of never ?? []) {
    const phase = rule.phase ?? 'do';
    const found = applied.find(
      (effect) =>
        effect.step === rule.step &&
        (rule.host === undefined || effect.host === rule.host) &&
        (phase === '*' || effect.phase === phase),
    );
    if (found !== undefined)
      broken.push(
        `never: step ${rule.step}${found.host === null ? '' : ` on ${found.host}`} was done (${found.phase})`,
      );
  }
  return broken;
}

function isStep(path: string, step: string): boolean {
  return path === step || path.split('/').at(-1) === step;
}
