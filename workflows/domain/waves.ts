/** Cumulative sizes: a number of hosts, or a percentage of all. */
export type CumulativeSize = { readonly count: number } | { readonly percent: number };

/** A wave as a half-open range of positions in the target list. */
export interface Wave {
  /** From 1. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** The failure domain of all its hosts, where the rollout names domains. */
  readonly domain?: string;
}

/** Hosts of one failure domain stand together in the target set: up to `end`, from where the one before ends. */
export interface FailureDomain {
  readonly name: string;
  readonly end: number;
}

/** R-ROLL-1: where an author says nothing. The first wave is the canary: one host, or one percent. */
export const defaultWaves: readonly CumulativeSize[] = [1, 10, 25, 50, 100].map((percent) => ({ percent }));

/** How a rollout cuts its targets. */
export interface WavePlan {
  readonly waves: readonly CumulativeSize[];
  readonly domains?: readonly FailureDomain[];
}

/** `targets`: indices into the target set, where it was narrowed; null: the whole set. */
export function plannedWaves(
  { waves, domains }: WavePlan,
  total: number,
  targets: readonly number[] | null = null,
): readonly Wave[] {
  const sizes = wavesOf(total, waves);
  return domains === undefined ? sizes : splitByDomain(sizes, domains, (position) => targets?.[position] ?? position);
}

/** A wave that would mix failure domains runs as sub-waves, one domain after the other: each has its number, its gate and its undo. */
function splitByDomain(
  waves: readonly Wave[],
  domains: readonly FailureDomain[],
  indexAt: (position: number) => number,
): readonly Wave[] {
  const parts: Wave[] = [];
  for (const wave of waves) {
    for (let start = wave.start; start < wave.end; start = parts.at(-1)?.end ?? wave.end) {
      const domain = domains.find(({ end }) => indexAt(start) < end);
      let end = start + 1;
      while (end < wave.end && domain !== undefined && indexAt(end) < domain.end) end += 1;
      parts.push({ index: parts.length + 1, start, end, ...(domain === undefined ? {} : { domain: domain.name }) });
    }
  }
  return parts;
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
