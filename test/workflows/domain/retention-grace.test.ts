import fc from 'fast-check';

import { hourMs } from '../../../workflows/domain/duration';
import { defaultGraceMs, prunePhase, recheckPrune } from '../../../workflows/domain/retention-grace';
import { retentionOf } from '../../../workflows/domain/retention';
import { daily, somePolicy, someSets } from './retention-given';
import type { PrunePhase } from '../../../workflows/domain/retention-grace';
import type { RetentionCandidate } from '../../../workflows/domain/retention-policy';

test.each<[number, PrunePhase]>([
  [0, { kind: 'grace', dueAtMs: 24 * hourMs }],
  [24 * hourMs - 1, { kind: 'grace', dueAtMs: 24 * hourMs }],
  [24 * hourMs, { kind: 'due', staleAtMs: 48 * hourMs }],
  [48 * hourMs - 1, { kind: 'due', staleAtMs: 48 * hourMs }],
  [48 * hourMs, { kind: 'stale' }],
])('R-BKP-10: %d ms after it was made a prune plan is %j', (nowMs, phase) => {
  expect(prunePhase({ madeAtMs: 0, graceMs: defaultGraceMs }, nowMs)).toEqual(phase);
});

const nowMs = Date.parse('2026-01-01T12:00:00Z');
const planned = ['full', 'inc'];
const sets = [
  daily('newest', '2025-12-31'),
  daily('inc', '2025-12-02', { parent: 'full' }),
  daily('full', '2025-12-01'),
];

function recheck(
  over: { readonly [id: string]: Partial<RetentionCandidate> },
  more: readonly RetentionCandidate[] = [],
  minimumRedundancy = 1,
): ReturnType<typeof recheckPrune> {
  const changed = [...sets, ...more].map((set) => ({ ...set, ...over[set.id] }));
  return recheckPrune(planned, { sets: changed, minimumRedundancy }, nowMs);
}

test('R-BKP-10: nothing has changed, so all of the plan goes, and what needs another one before that one', () => {
  expect(recheck({})).toEqual({ goes: ['inc', 'full'], stays: [] });
});

test('R-BKP-10: what needs another one goes before it, whatever the clocks said', () => {
  expect(recheck({ inc: { atMs: Date.parse('2025-11-30T02:00:00Z') } }).goes).toEqual(['inc', 'full']);
});

const legal = { name: 'audit', kind: 'legal', untilMs: null, by: 'ada', reason: 'case 7' } as const;

test.each<[string, ReturnType<typeof recheck>, readonly object[]]>([
  [
    'R-BKP-9: a hold of last night keeps them',
    recheck({ inc: { holds: [legal] } }),
    [
      { id: 'inc', reasons: [{ rule: 'hold', name: 'audit' }] },
      { id: 'full', reasons: [{ rule: 'chain', with: 'inc' }] },
    ],
  ],
  [
    'R-BKP-8: a restore that works with one of them keeps them',
    recheck({ full: { pins: ['b9'] } }),
    [
      { id: 'inc', reasons: [{ rule: 'chain', with: 'full' }] },
      { id: 'full', reasons: [{ rule: 'pin', by: 'b9' }] },
    ],
  ],
  [
    'R-BKP-8: a new backup that needs one of them keeps them',
    recheck({}, [daily('later', '2025-12-30', { parent: 'full' })]),
    [
      { id: 'inc', reasons: [{ rule: 'chain', with: 'later' }] },
      { id: 'full', reasons: [{ rule: 'chain', with: 'later' }] },
    ],
  ],
  [
    'R-BKP-7: they are the newest good ones since a drill failed on what was newer',
    recheck({ newest: { broken: 'a drill failed' } }),
    [
      { id: 'inc', reasons: [{ rule: 'newest-verified' }] },
      { id: 'full', reasons: [{ rule: 'chain', with: 'inc' }] },
    ],
  ],
  [
    'R-BKP-7: the floor was raised',
    recheck({}, [], 2),
    [
      { id: 'inc', reasons: [{ rule: 'floor', rank: 2, of: 2 }] },
      { id: 'full', reasons: [{ rule: 'chain', with: 'inc' }] },
    ],
  ],
])('R-BKP-10: %s', (_what, { goes, stays }, expected) => {
  expect(goes).toEqual([]);
  expect(stays).toEqual(expected);
});

test('R-BKP-10: one that is gone already is passed over', () => {
  expect(recheckPrune([...planned, 'gone'], { sets, minimumRedundancy: 1 }, nowMs).goes).toEqual(['inc', 'full']);
});

test('R-BKP-10: as long as nothing changes, a recheck of a plan finds nothing against it, in all groups (R-BKP-5)', () => {
  fc.assert(
    fc.property(someSets, somePolicy, (some, numbers) => {
      const verdicts = retentionOf(some.sets, { ...numbers, algorithm: 'independent' }, some.nowMs);
      const going = verdicts.filter(({ keep }) => !keep).map(({ id }) => id);

      const { goes, stays } = recheckPrune(
        going,
        { ...some, minimumRedundancy: numbers.minimumRedundancy },
        some.nowMs,
      );

      expect(goes.toSorted()).toEqual(going.toSorted());
      expect(stays).toEqual([]);
    }),
  );
});
