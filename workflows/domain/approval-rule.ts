/** How many of a slot's people must approve. */
export type Quorum =
  | { readonly mode: 'any' }
  | { readonly mode: 'all' }
  | { readonly mode: 'n'; readonly n: number }
  | { readonly mode: 'percent'; readonly percent: number };

/** A seat or a group of seats; slots of a level are asked at the same time, and a level needs all of them. */
export interface ApprovalSlot {
  /** Unique within the rule. */
  readonly id: string;
  /** As authored: people, teams, placeholders. Who that is at an instant stands in the `Electorate`. */
  readonly candidates: readonly string[];
  readonly quorum: Quorum;
}

/** Levels are asked one after the other. */
export interface ApprovalLevel {
  readonly id: string;
  readonly slots: readonly ApprovalSlot[];
  /** R-APPR-2: so many rejections end the request; 1 unless a board chose a quorum. */
  readonly rejectOn: number;
  /** R-APPR-3: true: who counts at another level may count here as well, and the reverse. */
  readonly countsApart: boolean;
}

export interface ApprovalRule {
  readonly levels: readonly ApprovalLevel[];
  /** How long a granted approval lasts; null: as long as its window. */
  readonly validForMs: number | null;
  /** How long before the window the decision is wanted (R-APPR-7). */
  readonly leadMs: number;
  /** R-APPR-6: the opt-in by name. */
  readonly silenceMeansConsent: boolean;
  /** R-SOD-1. False only for runs whose policy says so by name; a change has no such choice. */
  readonly excludeRequester: boolean;
}

/** In rising order. */
export type Risk = 'low' | 'moderate' | 'high';

/**
 * R-APPR-1: at least one, and a percentage is rounded up. `all` and `percent` go by the people of the slot, never by the votes: an
 * abstention does not lower what is required. Decimals of a percentage are exact to a thousandth.
 */
export function requiredOf(quorum: Quorum, people: number): number {
  switch (quorum.mode) {
    case 'any':
      return 1;
    case 'all':
      return Math.max(1, people);
    case 'n':
      return quorum.n;
    case 'percent':
      return Math.max(1, Math.ceil((Math.round(quorum.percent * 1000) * people) / 100_000));
  }
}

/** Null: the rule can be followed. */
export function ruleProblem(rule: ApprovalRule): string | null {
  if (rule.levels.length === 0) return 'it has no level';
  const ids = rule.levels.flatMap((level) => level.slots.map((slot) => slot.id));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return `two slots are called "${twice}"`;
  if (rule.validForMs !== null && !(rule.validForMs > 0)) return 'an approval would never be valid';
  if (!(rule.leadMs >= 0)) return 'the lead is negative';
  for (const level of rule.levels) {
    const problem = levelProblem(level);
    if (problem !== null) return problem;
  }
  return null;
}

function levelProblem(level: ApprovalLevel): string | null {
  if (level.slots.length === 0) return `level "${level.id}" has no slot`;
  if (!isCount(level.rejectOn)) return `level "${level.id}" could not be rejected by ${level.rejectOn} people`;
  const wrong = level.slots.find(({ quorum }) => !isPossible(quorum));
  return wrong === undefined ? null : `slot "${wrong.id}" has a quorum that means nothing`;
}

function isPossible(quorum: Quorum): boolean {
  switch (quorum.mode) {
    case 'any':
    case 'all':
      return true;
    case 'n':
      return isCount(quorum.n);
    case 'percent':
      return quorum.percent > 0 && quorum.percent <= 100;
  }
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
