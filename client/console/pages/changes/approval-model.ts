export type SlotStanding = 'open' | 'approved' | 'rejected' | 'withdrawn';

/** How the question to one slot of the policy has ended, if it has. */
export function standingOf({ closed }: { readonly closed: { readonly choice: string } | null }): SlotStanding {
  if (closed === null) return 'open';
  if (closed.choice === 'approve') return 'approved';
  return closed.choice === 'reject' ? 'rejected' : 'withdrawn';
}
