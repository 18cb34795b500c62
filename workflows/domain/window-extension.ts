import type { ConflictVerdict } from './conflict';
import type { FreezeCheck } from './freeze';
import type { Interval } from './intervals';
import type { PlannedChange } from './planned-change';
import type { ChangeWindow } from './window';

/** What checks said about the added stretch alone. */
export interface ExtensionChecks {
  readonly calendars: FreezeCheck;
  readonly conflicts: ConflictVerdict;
}

export type ExtensionProblem = 'not-later' | 'window-over' | 'calendar-closed' | 'calendar-unresolved' | 'conflict';

/** R-WIN-3, an addendum of its own: it needs one vote and a notice, moves the end of validity, and voids no approval. */
export interface ExtensionAddendum {
  readonly added: Interval;
  readonly window: ChangeWindow;
  readonly approvalsValidUntilMs: number;
  readonly voterRole: 'change-manager';
  readonly votesNeeded: 1;
}

/** The stretch that conflicts and freezes are checked on. */
export function addedStretch({ endMs }: ChangeWindow, newEndMs: number): Interval {
  return { startMs: endMs, endMs: newEndMs };
}

/** The change as conflicts are looked for on the added stretch: what it meets before is known already. */
export function addedPart(change: PlannedChange, newEndMs: number): PlannedChange {
  return { ...change, startMs: change.windowEndMs, windowEndMs: newEndMs, preparationMs: 0 };
}

/** Why a vote on the extension cannot even be asked for; empty: ask. A window that is over is not made longer afterwards. */
export function extensionProblems(
  { window, newEndMs }: { readonly window: ChangeWindow; readonly newEndMs: number },
  { calendars, conflicts }: ExtensionChecks,
  nowMs: number,
): readonly ExtensionProblem[] {
  const found: { readonly [K in ExtensionProblem]: boolean } = {
    'not-later': newEndMs <= window.endMs,
    'window-over': nowMs >= window.endMs,
    'calendar-closed': calendars.kind === 'closed' || conflicts === 'held',
    'calendar-unresolved': calendars.kind === 'beyond-horizon' || conflicts === 'unresolved',
    conflict: conflicts === 'blocked',
  };
  return problemOrder.filter((problem) => found[problem]);
}

const problemOrder = ['not-later', 'window-over', 'calendar-closed', 'calendar-unresolved', 'conflict'] as const;

export function extensionAddendum(window: ChangeWindow, newEndMs: number): ExtensionAddendum {
  return {
    added: addedStretch(window, newEndMs),
    window: { ...window, endMs: newEndMs },
    approvalsValidUntilMs: newEndMs,
    voterRole: 'change-manager',
    votesNeeded: 1,
  };
}
