import fc from 'fast-check';

import { hourMs } from '../../../workflows/domain/duration';
import type { RetentionCandidate, RetentionPolicy } from '../../../workflows/domain/retention-policy';

export const dayMs = 24 * hourMs;

export const emptyPolicy: RetentionPolicy = {
  algorithm: 'independent',
  last: 0,
  hourly: 0,
  daily: 0,
  weekly: 0,
  monthly: 0,
  yearly: 0,
  withinMs: 0,
  fullOlderThanMs: 0,
  minimumRedundancy: 0,
};

export function policyOf(over: Partial<RetentionPolicy>): RetentionPolicy {
  return { ...emptyPolicy, ...over };
}

/** A verified backup of the engine's own, that stands alone. */
export function candidate(id: string, atMs: number, over: Partial<RetentionCandidate> = {}): RetentionCandidate {
  return {
    id,
    atMs,
    parent: '',
    owned: true,
    levels: { V0: atMs, V1: atMs },
    broken: '',
    holds: [],
    pins: [],
    group: 'shop',
    buckets: utcBuckets(atMs),
    ...over,
  };
}

export function daily(id: string, date: string, over: Partial<RetentionCandidate> = {}): RetentionCandidate {
  return candidate(id, Date.parse(`${date}T02:00:00Z`), over);
}

function utcBuckets(atMs: number): RetentionCandidate['buckets'] {
  const text = new Date(atMs).toISOString();
  const monday = atMs - ((new Date(atMs).getUTCDay() + 6) % 7) * dayMs;
  return {
    hourly: text.slice(0, 13),
    daily: text.slice(0, 10),
    weekly: new Date(monday).toISOString().slice(0, 10),
    monthly: text.slice(0, 7),
    yearly: text.slice(0, 4),
  };
}

/** How one backup differs from the one before it; `parent`: how many places back what it needs is. */
interface Drawn {
  readonly gapHours: number;
  readonly parent: number;
  readonly state: 'good' | 'proven' | 'unverified' | 'broken' | 'foreign';
  readonly mark: 'none' | 'legal' | 'lapsed' | 'pinned' | 'lost-parent';
  readonly group: string;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  gapHours: fc.oneof(fc.nat(3), fc.integer({ min: 12, max: 36 }), fc.integer({ min: 100, max: 2000 })),
  parent: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) }),
  state: fc.oneof(
    { weight: 6, arbitrary: fc.constant('good' as const) },
    { weight: 2, arbitrary: fc.constantFrom('proven', 'unverified', 'broken', 'foreign') },
  ),
  mark: fc.oneof(
    { weight: 20, arbitrary: fc.constant('none' as const) },
    { weight: 1, arbitrary: fc.constantFrom('legal', 'lapsed', 'pinned', 'lost-parent') },
  ),
  group: fc.oneof({ weight: 8, arbitrary: fc.constant('shop') }, { weight: 1, arbitrary: fc.constant('wiki') }),
});

const startMs = Date.parse('2025-01-01T00:30:00Z');

/** Backups as years leave them behind, in no order, and an instant near the newest of them: some may be of the future. */
export const someSets: fc.Arbitrary<{ readonly sets: readonly RetentionCandidate[]; readonly nowMs: number }> = fc
  .record({ all: fc.array(drawn, { maxLength: 30, size: 'max' }), nowOffsetHours: fc.integer({ min: -30, max: 900 }) })
  .map(({ all, nowOffsetHours }) => {
    let atMs = startMs;
    const sets = all.map((one, index) => {
      atMs += one.gapHours * hourMs;
      return drawnSet(one, index, atMs);
    });
    return {
      sets: sets.toSorted((a, b) => (a.buckets.hourly.at(-1) ?? '').localeCompare(b.buckets.hourly.at(-1) ?? '')),
      nowMs: atMs + nowOffsetHours * hourMs,
    };
  });

const small = fc.oneof(fc.constant(0), fc.nat(6));

export const somePolicy: fc.Arbitrary<Omit<RetentionPolicy, 'algorithm'>> = fc.record({
  last: small,
  hourly: small,
  daily: small,
  weekly: small,
  monthly: small,
  yearly: small,
  withinMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20 * dayMs) }),
  fullOlderThanMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20 * dayMs) }),
  minimumRedundancy: fc.nat(4),
});

function drawnSet(one: Drawn, index: number, atMs: number): RetentionCandidate {
  const parent = one.parent > 0 && one.parent <= index ? `s${index - one.parent}` : '';
  const hold = { name: 'audit', by: 'ada', reason: 'case 7', untilMs: startMs };
  return candidate(`s${index}`, atMs, {
    parent: one.mark === 'lost-parent' ? 'nobody' : parent,
    group: one.group,
    owned: one.state !== 'foreign',
    broken: one.state === 'broken' ? 'a drill failed' : '',
    levels: {
      V0: atMs,
      ...(one.state === 'unverified' ? {} : { V1: atMs }),
      ...(one.state === 'proven' ? { V4: atMs } : {}),
    },
    holds:
      one.mark === 'legal' ? [{ ...hold, kind: 'legal' }] : one.mark === 'lapsed' ? [{ ...hold, kind: 'plain' }] : [],
    pins: one.mark === 'pinned' ? ['b1'] : [],
  });
}
