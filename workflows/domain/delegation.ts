/** Somebody who is asked lets somebody else answer one task, or vote in one approval. Another thing than a standing delegation. */
export interface GivenDelegation {
  readonly from: string;
  readonly to: string;
  /** Epoch ms. */
  readonly start: number;
  /** Epoch ms; null: as long as it is asked. */
  readonly end: number | null;
}

/** The same person gives it to one at a time; given back to oneself, it is gone. */
export function withDelegation(known: readonly GivenDelegation[], given: GivenDelegation): readonly GivenDelegation[] {
  const others = known.filter(({ from }) => from !== given.from);
  return given.to === given.from ? others : [given, ...others];
}

/** Who has given their answer to this person, as things stand at an instant. */
export function delegatorsOf(
  given: readonly GivenDelegation[],
  { to, at }: { readonly to: string; readonly at: number },
): readonly string[] {
  return given.filter((each) => each.to === to && holds(each, at)).map(({ from }) => from);
}

/** Why it cannot be given, whoever asks for it; null: nothing against it. */
export function delegationProblem(
  known: readonly GivenDelegation[],
  { from, to, end }: GivenDelegation,
  at: number,
): { readonly code: string; readonly reason: string } | null {
  const no = (code: string, found: string): { readonly code: string; readonly reason: string } => ({
    code,
    reason: `Cannot delegate to "${to}": ${found}`,
  });
  if (end !== null && end <= at) return no('DELEGATION_OVER', 'its end has passed');
  if (to === from && !known.some((each) => each.from === from))
    return no('DELEGATION_NOT_FOUND', 'nothing is delegated that could be taken back');
  return null;
}

function holds({ start, end }: GivenDelegation, at: number): boolean {
  return start <= at && (end === null || at < end);
}
