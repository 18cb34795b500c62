import type { ChangeWindow } from '../domain/window';
import type { Here } from './here';
import type { PlannedForChange } from './messages';
import type { SignedFacts } from './state';

/** What a vote signs beside the plan (R-APPR-9). */
export function signedFacts({ assessment, model }: PlannedForChange, { state }: Here): SignedFacts {
  return { window: state.window, risk: assessment.risk, type: model.type, items: state.draft.items ?? [] };
}

/** One line for each of these facts that is not what it was: what approvers are shown beside the difference of the plans. */
export function factsMoved(planned: PlannedForChange, here: Here): readonly string[] {
  const before = here.state.signed;
  if (before === null) return [];
  const after = signedFacts(planned, here);
  const pairs = [
    ['window', windowText(before.window), windowText(after.window)],
    ['risk', before.risk, after.risk],
    ['type', before.type, after.type],
    ['items', before.items.join(', '), after.items.join(', ')],
  ] as const;
  return pairs.flatMap(([name, old, now]) => (old === now ? [] : [`~ ${name}: ${old} → ${now}`]));
}

function windowText({ startMs, endMs, cutoffMs }: ChangeWindow): string {
  const minutes = Math.round(cutoffMs / 60_000);
  return `${new Date(startMs).toISOString()} to ${new Date(endMs).toISOString()}${minutes === 0 ? '' : `, cutoff ${minutes} min`}`;
}
