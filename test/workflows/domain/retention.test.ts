import fc from 'fast-check';

import { ancestry, rootOf, setsById } from '../../../workflows/domain/backup-set';
import { retentionOf } from '../../../workflows/domain/retention';
import { retentionText } from '../../../workflows/domain/retention-text';
import { candidate, daily, dayMs, policyOf, somePolicy, someSets } from './retention-given';
import type { Hold } from '../../../workflows/domain/backup-set';
import type { RetentionCandidate, RetentionPolicy } from '../../../workflows/domain/retention-policy';

const nowMs = Date.parse('2026-01-01T12:00:00Z');

function keptIds(sets: readonly RetentionCandidate[], policy: RetentionPolicy, atMs = nowMs): readonly string[] {
  return retentionOf(sets, policy, atMs)
    .filter(({ keep }) => keep)
    .map(({ id }) => id);
}

function texts(sets: readonly RetentionCandidate[], policy: RetentionPolicy): readonly string[] {
  return retentionOf(sets, policy, nowMs).map((verdict) => `${verdict.id} ${retentionText(verdict)}`);
}

/** Ids are dates. */
function days(...dates: readonly string[]): readonly RetentionCandidate[] {
  return dates.map((date) => daily(date, date));
}

const december = Array.from({ length: 15 }, (_, at) => `2015-12-${31 - at}`).filter((date) => date !== '2015-12-19');

describe('the golden case', () => {
  const wholeYear = Array.from({ length: 365 }, (_, at) =>
    new Date(Date.UTC(2015, 0, 1 + at)).toISOString().slice(0, 10),
  ).filter((date) => date !== '2015-12-19');
  const numbers = { daily: 14, monthly: 6, yearly: 1 };
  const evaluatedMs = Date.parse('2016-01-01T00:00:00Z');

  test('R-BKP-2: cascading keeps 21', () => {
    const kept = keptIds(days(...wholeYear), policyOf({ ...numbers, algorithm: 'cascading' }), evaluatedMs);

    expect(kept).toEqual([
      ...december,
      '2015-11-30',
      '2015-10-31',
      '2015-09-30',
      '2015-08-31',
      '2015-07-31',
      '2015-06-30',
      '2015-01-01',
    ]);
    expect(kept).toHaveLength(21);
  });

  test('R-BKP-2: independent keeps 19', () => {
    const kept = keptIds(days(...wholeYear), policyOf(numbers), evaluatedMs);

    expect(kept).toEqual([...december, '2015-11-30', '2015-10-31', '2015-09-30', '2015-08-31', '2015-07-31']);
    expect(kept).toHaveLength(19);
  });
});

test('R-BKP-1: every backup is told why it stays, or that nothing keeps it', () => {
  const sets = days('2025-12-31', '2025-12-30', '2025-11-30', '2025-10-30', '2025-10-05');

  expect(texts(sets, policyOf({ daily: 2, monthly: 4 }))).toEqual([
    '2025-12-31 kept: the newest verified one, daily 1 of 2, monthly 1 of 4',
    '2025-12-30 kept: daily 2 of 2',
    '2025-11-30 kept: monthly 2 of 4',
    '2025-10-30 kept: monthly 3 of 4',
    '2025-10-05 kept: monthly 4 of 4 (the oldest)',
  ]);
  expect(texts(sets, policyOf({ daily: 2, monthly: 3 })).at(-1)).toBe('2025-10-05 goes: no rule keeps it');
});

test('R-BKP-1: cascading counts only what it keeps itself', () => {
  const sets = days('2025-12-31', '2025-12-30', '2025-12-29', '2025-11-30', '2025-11-29', '2025-10-30');

  expect(texts(sets, policyOf({ algorithm: 'cascading', daily: 2, monthly: 2, yearly: 3 }))).toEqual([
    '2025-12-31 kept: the newest verified one, daily 1 of 2',
    '2025-12-30 kept: daily 2 of 2',
    '2025-12-29 goes: no rule keeps it',
    '2025-11-30 kept: monthly 1 of 2',
    '2025-11-29 goes: no rule keeps it',
    '2025-10-30 kept: monthly 2 of 2',
  ]);
});

test('R-BKP-1: cascading keeps the oldest besides, while there are counts left', () => {
  const sets = days('2025-12-31', '2025-12-30', '2025-12-29');

  expect(texts(sets, policyOf({ algorithm: 'cascading', last: 1, yearly: 3 })).slice(1)).toEqual([
    '2025-12-30 goes: no rule keeps it',
    '2025-12-29 kept: yearly 1 of 3 (the oldest)',
  ]);
});

test('R-BKP-1: counts apply to buckets that hold backups, not to days that went by', () => {
  const sets = days('2025-12-31', '2025-06-01', '2025-01-01', '2024-01-01');

  expect(keptIds(sets, policyOf({ daily: 3 }))).toEqual(['2025-12-31', '2025-06-01', '2025-01-01']);
});

describe('R-BKP-3: an empty policy deletes nothing', () => {
  const sets = days('2025-12-31', '2025-06-01', '2025-01-01');

  test('whatever its floor is', () => {
    expect(keptIds(sets, policyOf({ minimumRedundancy: 1 }))).toHaveLength(3);
  });

  test('unless the flag names this very group, and the floor holds even then', () => {
    expect(keptIds(sets, policyOf({ unsafeDeleteAllOf: 'shop' }))).toEqual(['2025-12-31']);
    expect(keptIds(sets, policyOf({ unsafeDeleteAllOf: 'shop', minimumRedundancy: 2 }))).toHaveLength(2);
    expect(keptIds(sets, policyOf({ unsafeDeleteAllOf: 'wiki' }))).toHaveLength(3);
  });
});

describe('R-BKP-4: a backup that is dated in the future', () => {
  const sets = days('2031-01-01', '2025-12-31', '2025-12-30', '2025-12-01');

  test('stays, and ages no other one', () => {
    expect(keptIds(sets, policyOf({ withinMs: dayMs }))).toEqual(['2031-01-01', '2025-12-31', '2025-12-30']);
    expect(keptIds(sets, policyOf({ withinMs: dayMs - 1 }))).toEqual(['2031-01-01', '2025-12-31']);
  });

  test('takes no place among those that are counted', () => {
    expect(keptIds(sets, policyOf({ daily: 1 }))).toEqual(['2031-01-01', '2025-12-31']);
  });
});

test('R-BKP-5: a policy never crosses groups', () => {
  const sets = [daily('a', '2025-12-31'), daily('b', '2025-12-30', { group: 'wiki' }), daily('c', '2025-12-29')];

  expect(keptIds(sets, policyOf({ last: 1 }))).toEqual(['a', 'b']);
});

test('R-BKP-5, R-BKP-8: what needs a backup of another group goes by the policy of that one, and keeps it', () => {
  const sets = [
    daily('a', '2025-12-31'),
    daily('inc', '2025-12-30', { parent: 'full', group: 'wiki', pins: ['b1'] }),
    daily('full', '2025-12-29'),
  ];

  expect(keptIds(sets, policyOf({ last: 1 }))).toEqual(['a', 'inc', 'full']);
});

describe('R-BKP-6: a recovery window', () => {
  const aged = (ageDays: number, over: Partial<RetentionCandidate> = {}): RetentionCandidate =>
    candidate(`${ageDays}d`, nowMs - ageDays * dayMs, over);

  test('of 30 days keeps the full backups of 25 and 35 days', () => {
    expect(keptIds([aged(25), aged(35), aged(45)], policyOf({ fullOlderThanMs: 30 * dayMs }))).toEqual(['25d', '35d']);
  });

  test('takes one of exactly 30 days for the first outside', () => {
    expect(keptIds([aged(25), aged(30), aged(35)], policyOf({ fullOlderThanMs: 30 * dayMs }))).toEqual(['25d', '30d']);
  });

  test('ends at its age: what is exactly so old is outside', () => {
    const sets = [
      aged(25),
      aged(29, { broken: 'bytes' }),
      candidate('b', nowMs - 30 * dayMs, { broken: 'bytes' }),
      aged(30),
    ];

    expect(keptIds(sets, policyOf({ fullOlderThanMs: 30 * dayMs }))).toEqual(['25d', '29d', '30d']);
  });

  test('needs one outside that is good and stands alone', () => {
    const sets = [
      aged(25),
      aged(32, { broken: 'a drill failed' }),
      aged(33, { parent: '40d' }),
      aged(35),
      aged(40),
      aged(50),
    ];

    expect(keptIds(sets, policyOf({ fullOlderThanMs: 30 * dayMs }))).toEqual(['25d', '35d']);
  });
});

describe('R-BKP-7: the floor', () => {
  test('keeps the newest whose service was started, however old it is', () => {
    const sets = [...days('2025-12-31', '2025-12-30'), daily('old', '2020-01-01', { levels: { V0: 1, V1: 1, V4: 1 } })];

    expect(keptIds(sets, policyOf({ last: 1 }))).toEqual(['2025-12-31', 'old']);
  });

  test('keeps the newest verified one, and what is newer than it', () => {
    const sets = [daily('unverified', '2025-12-31', { levels: { V0: 1 } }), ...days('2025-12-30', '2025-12-29')];

    expect(texts(sets, policyOf({ withinMs: 1 }))).toEqual([
      'unverified kept: nothing good is newer, young enough',
      '2025-12-30 kept: the newest verified one',
      '2025-12-29 goes: no rule keeps it',
    ]);
  });

  test.each<[string, Partial<RetentionCandidate>]>([
    ['that failed', { broken: 'a drill failed' }],
    ['that nobody verified', { levels: { V0: 1 } }],
    ['that the engine does not own', { owned: false }],
  ])('counts none %s', (_which, over) => {
    const sets = [...days('2025-12-31', '2025-12-28'), daily('odd', '2025-12-30', over), daily('x', '2025-12-27')];

    const kept = keptIds(sets, policyOf({ daily: 2 })).filter((id) => id !== 'odd');

    expect(kept).toEqual(['2025-12-31', '2025-12-28']);
  });

  test('keeps so many, and a chain counts once', () => {
    const sets = [
      daily('inc', '2025-12-31', { parent: 'full' }),
      daily('full', '2025-12-30'),
      ...days('2025-12-20', '2025-12-10'),
    ];

    expect(texts(sets, policyOf({ last: 1, minimumRedundancy: 2 }))).toEqual([
      'inc kept: the newest verified one, last 1 of 1',
      'full kept: in one chain with inc',
      '2025-12-20 kept: minimum redundancy 2 of 2',
      '2025-12-10 goes: no rule keeps it',
    ]);
  });
});

describe('R-BKP-8: a chain has one fate', () => {
  const chain = [
    ...days('2025-12-31'),
    daily('inc', '2025-11-03', { parent: 'diff' }),
    daily('diff', '2025-11-02', { parent: 'full' }),
    daily('full', '2025-11-01'),
  ];
  const held: Hold = { name: 'audit', kind: 'legal', untilMs: null, by: 'ada', reason: 'case 7' };
  const having = (id: string, over: Partial<RetentionCandidate>): readonly RetentionCandidate[] =>
    chain.map((set) => (set.id === id ? { ...set, ...over } : set));

  test('it goes as a whole', () => {
    expect(keptIds(chain, policyOf({ last: 1 }))).toEqual(['2025-12-31']);
  });

  test('a hold on an incremental holds the chain', () => {
    expect(keptIds(having('diff', { holds: [held] }), policyOf({ last: 1 }))).toHaveLength(4);
  });

  test('a restore from one of them pins the chain', () => {
    expect(keptIds(having('full', { pins: ['b0123456789ab'] }), policyOf({ last: 1 }))).toHaveLength(4);
  });

  test('a broken root makes all that need it count for nothing', () => {
    const kept = keptIds(having('full', { broken: 'a drill failed' }), policyOf({ last: 2 }));

    expect(kept).toEqual(['2025-12-31']);
  });

  test('what needs a backup that nobody knows stays, and counts for nothing', () => {
    const sets = [daily('a', '2025-12-31'), daily('lost', '2025-12-30', { parent: 'gone' }), daily('b', '2025-12-29')];

    expect(texts(sets, policyOf({ last: 2 }))).toEqual([
      'a kept: the newest verified one, last 1 of 2',
      'lost kept: what it needs is not known',
      'b kept: last 2 of 2',
    ]);
  });
});

test.each<[Hold['kind'], number | null, boolean]>([
  ['legal', null, true],
  ['legal', nowMs - 1, true],
  ['permanent', nowMs - 1, true],
  ['plain', null, true],
  ['plain', nowMs + 1, true],
  ['plain', nowMs, false],
])('R-BKP-9: a %s hold until %s keeps: %s', (kind, untilMs, keeps) => {
  const hold = { name: 'audit', kind, untilMs, by: 'ada', reason: 'case 7' };
  const sets = [daily('a', '2025-12-31'), daily('b', '2025-12-30', { holds: [hold] })];

  expect(keptIds(sets, policyOf({ last: 1 })).includes('b')).toBe(keeps);
});

test('R-BKP-7, R-BKP-8, R-BKP-9: what must never go never goes', () => {
  fc.assert(
    fc.property(someSets, somePolicy, fc.boolean(), ({ sets, nowMs: atMs }, numbers, cascading) => {
      const policy: RetentionPolicy = { ...numbers, algorithm: cascading ? 'cascading' : 'independent' };
      const byId = setsById(sets);

      const kept = new Set(keptIds(sets, policy, atMs));

      for (const set of sets) {
        const fate = kept.has(set.id);
        if (!set.owned || set.pins.length > 0 || set.atMs > atMs) expect(fate).toBe(true);
        if (set.holds.some(({ kind }) => kind === 'legal')) expect(fate).toBe(true);
        for (const needed of fate ? ancestry(set, byId).members : []) expect(kept).toContain(needed.id);
        expect(kept.has(rootOf(set, byId).id)).toBe(fate);
      }
    }),
  );
});
