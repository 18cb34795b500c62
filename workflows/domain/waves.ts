/** Cumulative sizes: a number of hosts, or a percentage of all. */
export type CumulativeSize = { readonly count: number } | { readonly percent: number };

/** A wave as a half-open range of positions in the target list. */
export interface Wave {
  /** From 1. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/**
 * R-ROLL-1: end(k) = min(N, max(end(k−1) + 1, ⌊p·N/100⌋)); waves after N is reached are dropped, and the last one always reaches N.
 * Percentages may have decimals; the arithmetic is on integers (thousandths of a percent), so 33.3 % of 1,000 is 333 everywhere.
 */
export function wavesOf(total: number, sizes: readonly CumulativeSize[]): readonly Wave[] {
  const waves: Wave[] = [];
  let start = 0;
  for (const size of sizes) {
    if (start >= total) break;
    const end = Math.min(total, Math.max(start + 1, wantedEnd(total, size)));
    waves.push({ index: waves.length + 1, start, end });
    start = end;
  }
  const last = waves.at(-1);
  if (last === undefined || last.end >= total) return waves;
  return [...waves.slice(0, -1), { ...last, end: total }];
}

/** ⌊p·N/100⌋, exactly. */
export function percentOf(total: number, percent: number): number {
  return Number((BigInt(Math.round(percent * 1000)) * BigInt(total)) / 100_000n);
}

function wantedEnd(total: number, size: CumulativeSize): number {
  return 'count' in size ? size.count : percentOf(total, size.percent);
}
