import { calendarVerdict, nextOpenSlot, openTimeOf, withoutClosures } from './calendar';

import type { CalendarVerdict, Closing, ResolvedCalendar } from './calendar';
import type { ChangeType } from './change-type';
import type { Interval } from './intervals';

/** What bears on whether calendars let a change be. */
export interface FreezeRule {
  readonly type: ChangeType;
  readonly calendars: readonly ResolvedCalendar[];
  /** Closures that a quorum of freeze approvers lets this change pass. */
  readonly passed: readonly string[];
}

export type FreezeCheck = CalendarVerdict | { readonly kind: 'skipped' };

/**
 * R-FREEZE-4: asked about the complete execution, back-out included, never about its start alone. R-FREEZE-3: an emergency skips the
 * calendars (its approvals are asked elsewhere and stay).
 */
export function freezeCheck({ type, calendars, passed }: FreezeRule, execution: Interval): FreezeCheck {
  return type === 'emergency' ? { kind: 'skipped' } : calendarVerdict(withoutClosures(calendars, passed), execution);
}

/** Where a change is, as far as a freeze goes. A back-out is never frozen: it is the way to where the freeze wants to be. */
export type FreezePhase = 'not-started' | 'in-wave' | 'between-waves' | 'backing-out';

export type FreezeDuty =
  | { readonly kind: 'proceed' }
  /** Held until freeze approvers let it pass, or until it fits; null: not as far as the calendars are resolved. */
  | { readonly kind: 'hold'; readonly because: FreezeReason; readonly fitsAtMs: number | null }
  /** The wave that runs goes on to its end. */
  | { readonly kind: 'hold-at-boundary'; readonly because: FreezeReason }
  /** A hard freeze: paused at once, and somebody decides. */
  | { readonly kind: 'pause-and-ask'; readonly because: FreezeReason };

/** `unresolved`: the calendars do not reach far enough, which is never taken for open. */
export type FreezeReason =
  | { readonly kind: 'closed'; readonly closings: readonly Closing[] }
  | { readonly kind: 'unresolved'; readonly fromMs: number };

/**
 * R-FREEZE-2: what calendars demand of an approved change. `ahead` begins now, or at the planned start, and covers what is about to be
 * begun with its back-out: the whole execution before the start, the next wave and the back-out between waves (R-FREEZE-4).
 */
export function freezeDuty(rule: FreezeRule, phase: FreezePhase, ahead: Interval): FreezeDuty {
  if (phase === 'backing-out') return { kind: 'proceed' };
  const because = reasonIn(freezeCheck(rule, ahead));
  if (because === null) return { kind: 'proceed' };
  if (phase === 'not-started') return hold(rule, ahead, because);
  if (isHardNow(because, ahead.startMs)) return { kind: 'pause-and-ask', because };
  return phase === 'in-wave' ? { kind: 'hold-at-boundary', because } : hold(rule, ahead, because);
}

function reasonIn(check: FreezeCheck): FreezeReason | null {
  switch (check.kind) {
    case 'open':
    case 'skipped':
      return null;
    case 'closed':
      return { kind: 'closed', closings: check.closings };
    case 'beyond-horizon':
      return { kind: 'unresolved', fromMs: Math.min(...check.unresolved.map(({ during }) => during.startMs)) };
  }
}

function hold({ calendars, passed }: FreezeRule, ahead: Interval, because: FreezeReason): FreezeDuty {
  const open = openTimeOf(withoutClosures(calendars, passed));
  const slot = nextOpenSlot(open, ahead.startMs, ahead.endMs - ahead.startMs);
  return { kind: 'hold', because, fitsAtMs: slot?.startMs ?? null };
}

/** A hard freeze that only begins later is met at a wave boundary before it, or at its first instant. */
function isHardNow(because: FreezeReason, nowMs: number): boolean {
  return (
    because.kind === 'closed' &&
    because.closings.some(
      (closing) => closing.reason === 'closure' && closing.closure.force === 'hard' && closing.during.startMs <= nowMs,
    )
  );
}
