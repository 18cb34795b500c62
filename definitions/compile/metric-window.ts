import type { GateMetric } from '../../workflows/runbook/plan';

const unitMs: { readonly [unit: string]: number } = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/**
 * R-ROLL-5: how far a metric looks back, from the ranges of its query (`[5m]`, `[1h30m:1m]`); null: it is no query, or is written only
 * while the run goes on.
 */
export function lookBackMs({ operation: { name, input } }: Pick<GateMetric, 'operation'>): number | null {
  if (name !== 'prometheus.query') return null;
  const query = 'map' in input ? input.map['query'] : undefined;
  const whole = 'literal' in input ? input.literal : undefined;
  const text =
    query !== undefined && 'literal' in query
      ? query.literal
      : typeof whole === 'object' && whole !== null && 'query' in whole
        ? whole['query']
        : null;
  if (typeof text !== 'string') return null;
  const ranges = [...text.matchAll(/\[\s*((?:\d+(?:ms|[smhdwy]))+)\s*(?::[^\]]*)?\]/g)];
  return Math.max(0, ...ranges.map(([, range = '']) => rangeMs(range)));
}

function rangeMs(range: string): number {
  let total = 0;
  for (const [, count, unit = ''] of range.matchAll(/(\d+)(ms|[smhdwy])/g))
    total += Number(count) * (unitMs[unit] ?? 0);
  return total;
}
