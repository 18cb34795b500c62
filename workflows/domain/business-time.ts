import { intersect, totalMs } from './intervals';

import type { OpenTime } from './calendar';
import type { Interval } from './intervals';

/** Open time is physical time of the calendar's open stretches: a day of 23 or 25 hours counts as long as it was (R-TIME-4). */
export type OpenDuration = { readonly kind: 'known'; readonly ms: number } | BeyondHorizon;
export type OpenInstant = { readonly kind: 'at'; readonly atMs: number } | BeyondHorizon;

/** The answer needs time that was not resolved: resolve further and ask again. */
export interface BeyondHorizon {
  readonly kind: 'beyond-horizon';
  readonly horizon: Interval;
}

/** How much of the time between two instants was open; 0 when the second is not after the first. */
export function openTimeBetween({ open, horizon }: OpenTime, fromMs: number, toMs: number): OpenDuration {
  if (toMs <= fromMs) return { kind: 'known', ms: 0 };
  if (fromMs < horizon.startMs || toMs > horizon.endMs) return { kind: 'beyond-horizon', horizon };
  return { kind: 'known', ms: totalMs(intersect(open, [{ startMs: fromMs, endMs: toMs }])) };
}

/** The earliest instant at which so much open time has gone by since `fromMs`. */
export function instantAfterOpenTime({ open, horizon }: OpenTime, fromMs: number, amountMs: number): OpenInstant {
  if (amountMs <= 0) return { kind: 'at', atMs: fromMs };
  if (fromMs < horizon.startMs) return { kind: 'beyond-horizon', horizon };
  let restMs = amountMs;
  for (const { startMs, endMs } of open) {
    const beginMs = Math.max(startMs, fromMs);
    if (endMs <= beginMs) continue;
    if (restMs <= endMs - beginMs) return { kind: 'at', atMs: beginMs + restMs };
    restMs -= endMs - beginMs;
  }
  return { kind: 'beyond-horizon', horizon };
}
