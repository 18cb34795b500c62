/** What a slot needs, and who could give it. */
export interface Seats {
  readonly slot: string;
  readonly min: number;
  readonly people: readonly string[];
}

/**
 * The slots with an empty seat in the best seating in which each person takes one seat at most: one person in two slots counts once
 * (R-APPR-3). Augmenting paths, because who came first may have to move to the other slot.
 */
export function unfilled(slots: readonly Seats[]): readonly Seats[] {
  const seatOf = new Map<string, Seats>();
  function seat(slot: Seats, tried: Set<string>): boolean {
    for (const person of slot.people) {
      if (tried.has(person)) continue;
      tried.add(person);
      const held = seatOf.get(person);
      if (held === undefined || seat(held, tried)) {
        seatOf.set(person, slot);
        return true;
      }
    }
    return false;
  }
  return slots.filter((slot) => {
    for (let taken = 0; taken < slot.min; taken += 1) if (!seat(slot, new Set())) return true;
    return false;
  });
}
