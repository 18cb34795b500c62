/** A stretch of time `[startMs, endMs)` in epoch milliseconds: it has its start and not its end. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Sorted, apart from one another, none empty: the form in which every list below is answered. Stretches that touch become one, so
 * that a day which ends at 24:00 and the next one leave no seam (R-TIME-5).
 */
export function normalise(intervals: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  for (const interval of intervals.filter(isNotEmpty).toSorted((a, b) => a.startMs - b.startMs)) {
    const last = result.at(-1);
    if (last === undefined || interval.startMs > last.endMs) result.push(bare(interval));
    else if (interval.endMs > last.endMs) result.splice(-1, 1, { startMs: last.startMs, endMs: interval.endMs });
  }
  return result;
}

export function union(left: readonly Interval[], right: readonly Interval[]): readonly Interval[] {
  return normalise([...left, ...right]);
}

/** What lies in both: what is left of `left` without that part of it which `right` does not have. */
export function intersect(left: readonly Interval[], right: readonly Interval[]): readonly Interval[] {
  return subtract(left, subtract(left, right));
}

/** What `from` has and `holes` do not. */
export function subtract(from: readonly Interval[], holes: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  const cuts = normalise(holes);
  let first = 0;
  for (const { startMs, endMs } of normalise(from)) {
    while ((cuts[first]?.endMs ?? Infinity) <= startMs) first += 1;
    let restMs = startMs;
    for (let at = first; (cuts[at]?.startMs ?? Infinity) < endMs; at += 1) {
      const cut = cuts[at] ?? { startMs: endMs, endMs };
      if (cut.startMs > restMs) result.push({ startMs: restMs, endMs: cut.startMs });
      restMs = Math.max(restMs, cut.endMs);
    }
    if (restMs < endMs) result.push({ startMs: restMs, endMs });
  }
  return result;
}

export function overlaps(left: Interval, right: Interval): boolean {
  return isNotEmpty(left) && isNotEmpty(right) && left.startMs < right.endMs && right.startMs < left.endMs;
}

/** Whether the list has the whole stretch. */
export function contains(intervals: readonly Interval[], stretch: Interval): boolean {
  return subtract([stretch], intervals).length === 0;
}

export function totalMs(intervals: readonly Interval[]): number {
  let total = 0;
  for (const { startMs, endMs } of normalise(intervals)) total += endMs - startMs;
  return total;
}

/** The earliest stretch of the wanted length within `range` that nothing busy overlaps; null when there is none. */
export function nextFreeSlot(busy: readonly Interval[], range: Interval, lengthMs: number): Interval | null {
  if (lengthMs <= 0) return null;
  const gap = subtract([range], busy).find(({ startMs, endMs }) => endMs - startMs >= lengthMs);
  return gap === undefined ? null : { startMs: gap.startMs, endMs: gap.startMs + lengthMs };
}

function isNotEmpty({ startMs, endMs }: Interval): boolean {
  return startMs < endMs;
}

/** Without what else a stretch carries, such as the title of an event. */
function bare({ startMs, endMs }: Interval): Interval {
  return { startMs, endMs };
}
