import { isAtLeast } from './backup-levels';
import { ancestry, setsById } from './backup-set';
import { hourMs } from './duration';
import { seededIndex } from './seeded-choice';

import type { BackupSet } from './backup-set';

/** R-DRILL-1: `random`: any of that age, both ends included; a day is 24 hours here. */
export type DrillChoice =
  | { readonly how: 'latest' }
  | { readonly how: 'random'; readonly fromDays: number; readonly toDays: number }
  | { readonly how: 'specific'; readonly set: string };

const dayMs = 24 * hourMs;

export type SelectableSet = Pick<BackupSet, 'id' | 'atMs' | 'parent' | 'owned' | 'levels' | 'broken' | 'expiring'>;

export interface ExcludedSet {
  readonly id: string;
  readonly reason: string;
}

/** What was chosen and out of what, for the evidence: with the same seed and sets anybody comes to the same. */
export interface DrillSelection {
  /** Null: there is none to drill with. */
  readonly id: string | null;
  readonly reason: string;
  readonly seed: number;
  /** Oldest first. */
  readonly candidates: readonly string[];
  readonly excluded: readonly ExcludedSet[];
}

export interface DrillQuestion {
  readonly choice: DrillChoice;
  readonly seed: number;
  readonly nowMs: number;
}

export function selectForDrill(sets: readonly SelectableSet[], question: DrillQuestion): DrillSelection {
  const byId = setsById(sets);
  const candidates: string[] = [];
  const excluded: ExcludedSet[] = [];
  for (const set of sets.toSorted((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1))) {
    const reason = unfit(set, byId, question);
    if (reason === null) candidates.push(set.id);
    else excluded.push({ id: set.id, reason });
  }
  return { ...chosen(candidates, excluded, question), seed: question.seed, candidates, excluded };
}

function chosen(
  candidates: readonly string[],
  excluded: readonly ExcludedSet[],
  { choice, seed }: DrillQuestion,
): Pick<DrillSelection, 'id' | 'reason'> {
  switch (choice.how) {
    case 'latest':
      return named(candidates.at(-1), 'the latest');
    case 'random':
      return named(candidates[seededIndex(seed, candidates.length)], `one of ${candidates.length}, by seed ${seed}`);
    case 'specific': {
      const because = excluded.find(({ id }) => id === choice.set)?.reason ?? 'it is not there';
      return candidates.includes(choice.set)
        ? { id: choice.set, reason: 'asked for' }
        : { id: null, reason: `Cannot drill with backup "${choice.set}": ${because}` };
    }
  }
}

function named(id: string | undefined, reason: string): Pick<DrillSelection, 'id' | 'reason'> {
  return id === undefined ? { id: null, reason: 'Cannot select a backup: none is fit for a drill' } : { id, reason };
}

/** Null: it may be drilled with. */
function unfit(
  set: SelectableSet,
  byId: ReadonlyMap<string, SelectableSet>,
  { choice, nowMs }: DrillQuestion,
): string | null {
  const { members, whole } = ancestry(set, byId);
  if (!set.owned) return 'it was not made by Mainstay, so nothing is known of what should be in it';
  if (!whole) return 'what it needs is not there';
  const broken = members.find((member) => member.broken !== '');
  if (broken !== undefined)
    return broken.id === set.id ? `it is broken: ${set.broken}` : `"${broken.id}", which it needs, is broken`;
  if (members.some(({ expiring }) => expiring)) return 'it is about to be pruned';
  // Somebody who asks for one by name may want to know what an unverified one is worth.
  const level = choice.how === 'specific' ? 'V0' : 'V1';
  if (!isAtLeast(set.levels, level)) return `it is not at ${level}`;
  if (set.atMs > nowMs) return 'it is dated in the future';
  return choice.how === 'random' ? outOfAge(nowMs - set.atMs, choice) : null;
}

function outOfAge(
  ageMs: number,
  { fromDays, toDays }: { readonly fromDays: number; readonly toDays: number },
): string | null {
  if (ageMs < fromDays * dayMs) return `it is younger than ${fromDays} days`;
  return ageMs > toDays * dayMs ? `it is older than ${toDays} days` : null;
}
