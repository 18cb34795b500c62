/**
 * What a change is to the others, by its phase. `planned`: it has been submitted, so its time is taken although nobody has approved it
 * yet; `under-way`: it works on its items, or left them in a state that nobody vouches for.
 */
export type ChangeStanding = 'idle' | 'planned' | 'under-way' | 'over';

const standings = {
  draft: 'idle',
  assessing: 'planned',
  authorising: 'planned',
  scheduled: 'planned',
  held: 'planned',
  implementing: 'under-way',
  'backing-out': 'under-way',
  'back-out-failed': 'under-way',
  'backed-out': 'idle',
  reviewing: 'idle',
  closed: 'over',
  cancelled: 'over',
  expired: 'over',
} as const satisfies { readonly [phase: string]: ChangeStanding };

/** A phase that nobody has heard of is none that gets in the way. */
export function standingOf(phase: string): ChangeStanding {
  return isPhase(phase) ? standings[phase] : 'idle';
}

export const phasesWithStanding: readonly string[] = Object.keys(standings);

function isPhase(phase: string): phase is keyof typeof standings {
  return Object.hasOwn(standings, phase);
}

/** Whose place in time counts before whose. */
export interface TimeClaim {
  readonly id: string;
  readonly standing: ChangeStanding;
  /** Epoch ms of when it took its present place in time; null: it has none yet. */
  readonly claimedAt: number | null;
}

/**
 * The others that are "already scheduled" as one change sees them (R-CONF-1). Of two that want the same time only one is told, or both
 * would wait for each other for ever: while planning it is the one that came later, and at the start, under the locks, only what is
 * under way is in the way, so that the first to hold the lock wins (R-CONF-3).
 */
export function scheduledBefore<C extends TimeClaim>(
  others: readonly C[],
  own: TimeClaim,
  isStarting: boolean,
): readonly C[] {
  return others
    .filter(({ id }) => id !== own.id)
    .filter((other) => other.standing === 'under-way' || (!isStarting && isEarlier(other, own)));
}

function isEarlier(other: TimeClaim, own: TimeClaim): boolean {
  if (other.standing !== 'planned' || other.claimedAt === null) return false;
  if (own.claimedAt === null || other.claimedAt !== own.claimedAt) return other.claimedAt < (own.claimedAt ?? Infinity);
  return other.id < own.id;
}
