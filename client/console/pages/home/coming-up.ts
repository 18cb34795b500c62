import type { ChangeRow, DrillCalendar } from '../../answers';

export interface Coming {
  readonly kind: 'change' | 'drill';
  readonly name: string;
  readonly title: string;
  readonly atMs: number;
}

/** By time, soonest first. A change whose window is open stays until it has ended. */
export function comingUp(
  changes: readonly Pick<ChangeRow, 'number' | 'title' | 'window' | 'endedAt'>[],
  drills: DrillCalendar['planned'],
): readonly Coming[] {
  const planned = changes.flatMap(({ number, title, window, endedAt }): readonly Coming[] =>
    window === null || endedAt !== null ? [] : [{ kind: 'change', name: `CHG-${number}`, title, atMs: window.startMs }],
  );
  const due = drills.map(({ plan, service, atMs }): Coming => ({ kind: 'drill', name: plan, title: service, atMs }));
  return [...planned, ...due].toSorted((one, other) => one.atMs - other.atMs);
}
