/** Where a change is, as far as cancelling it goes. */
export type CancelPhase = 'not-started' | 'implementing' | 'backing-out' | 'reviewing' | 'ended';

export interface CancelFacts {
  readonly phase: CancelPhase;
  /** Some host was changed, by a wave that is through or by the one that runs. */
  readonly touched: boolean;
  readonly passedNoReturn: boolean;
}

export type CancelAnswer =
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'cancelled' }
  /** What runs goes on to its next safe point, and nothing starts after it. `backOut` is a decision, and this is its default. */
  | { readonly kind: 'stops'; readonly backOut: BackOutDefault };

/** `ask`: after a point of no return there is no default. `nothing`: no host was changed. */
export type BackOutDefault = 'yes' | 'ask' | 'nothing';

/** R-WIN-6: what cancelling a change means. */
export function cancelAnswer({ phase, touched, passedNoReturn }: CancelFacts): CancelAnswer {
  switch (phase) {
    case 'not-started':
      return { kind: 'cancelled' };
    case 'implementing':
      return { kind: 'stops', backOut: !touched ? 'nothing' : passedNoReturn ? 'ask' : 'yes' };
    case 'backing-out':
      return refuse('it is being backed out');
    case 'reviewing':
      return refuse('it is under review');
    case 'ended':
      return refuse('it has ended');
  }
}

function refuse(state: string): CancelAnswer {
  return { kind: 'refused', reason: `Cannot cancel the change: ${state}` };
}
