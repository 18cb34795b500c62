import fc from 'fast-check';

import { selectForDrill } from '../../../workflows/domain/drill-selection';
import { hourMs } from '../../../workflows/domain/duration';
import type { DrillChoice, SelectableSet } from '../../../workflows/domain/drill-selection';

const dayMs = 24 * hourMs;
const nowMs = 1000 * dayMs;

function aged(days: number, over: Partial<SelectableSet> = {}): SelectableSet {
  const atMs = nowMs - days * dayMs;
  return {
    id: `${days}d`,
    atMs,
    parent: '',
    owned: true,
    levels: { V0: atMs, V1: atMs },
    broken: '',
    expiring: false,
    ...over,
  };
}

const month: DrillChoice = { how: 'random', fromDays: 1, toDays: 30 };

test('R-DRILL-1: the latest is the newest that is fit', () => {
  const selection = selectForDrill([aged(3), aged(1, { broken: 'a drill failed' }), aged(2)], {
    choice: { how: 'latest' },
    seed: 7,
    nowMs,
  });

  expect(selection).toEqual({
    id: '2d',
    reason: 'the latest',
    seed: 7,
    candidates: ['3d', '2d'],
    excluded: [{ id: '1d', reason: 'it is broken: a drill failed' }],
  });
});

test.each<[string, Partial<SelectableSet>, string]>([
  ['is broken', { broken: 'a drill failed' }, 'it is broken: a drill failed'],
  ['is about to go', { expiring: true }, 'it is about to be pruned'],
  ['needs one that is not there', { parent: 'gone' }, 'what it needs is not there'],
  ['needs a broken one', { parent: '9d' }, '"9d", which it needs, is broken'],
  ['is not verified', { levels: { V0: 1 } }, 'it is not at V1'],
  ['is foreign', { owned: false }, 'it was not made by Mainstay, so nothing is known of what should be in it'],
  ['is of the future', { atMs: nowMs + 1 }, 'it is dated in the future'],
  ['is too old', { atMs: nowMs - 30 * dayMs - 1 }, 'it is older than 30 days'],
  ['is too young', { atMs: nowMs - dayMs + 1 }, 'it is younger than 1 days'],
])('R-DRILL-1: no random drill takes one that %s', (_what, over, reason) => {
  const sets = [aged(9, { broken: 'bytes' }), aged(5, over)];

  const selection = selectForDrill(sets, { choice: month, seed: 1, nowMs });

  expect(selection).toMatchObject({ id: null, reason: 'Cannot select a backup: none is fit for a drill' });
  expect(selection.excluded).toContainEqual({ id: '5d', reason });
});

test('R-DRILL-1: both ends of the age belong to it', () => {
  const { candidates } = selectForDrill([aged(0), aged(1), aged(30), aged(31)], { choice: month, seed: 1, nowMs });

  expect(candidates).toEqual(['30d', '1d']);
});

test('R-DRILL-1: a backup of this very instant is not of the future', () => {
  expect(selectForDrill([aged(0)], { choice: { how: 'latest' }, seed: 1, nowMs }).id).toBe('0d');
});

test.each<[string, string, string | null, string]>([
  ['a named one', '5d', '5d', 'asked for'],
  ['a named one that is not verified yet', 'raw', 'raw', 'asked for'],
  ['none where the named one is broken', '9d', null, 'Cannot drill with backup "9d": it is broken: bytes'],
  ['none where the named one is not known', 'b7', null, 'Cannot drill with backup "b7": it is not there'],
])('R-DRILL-1: a drill takes %s', (_what, set, id, reason) => {
  const sets = [aged(9, { broken: 'bytes' }), aged(5), aged(4, { id: 'raw', levels: { V0: 1 } })];

  expect(selectForDrill(sets, { choice: { how: 'specific', set }, seed: 1, nowMs })).toMatchObject({ id, reason });
});

test('R-DRILL-1: the same seed chooses the same of the same backups, in whatever order they come', () => {
  const sets = Array.from({ length: 20 }, (_, at) => aged(at + 1));

  fc.assert(
    fc.property(fc.integer(), fc.shuffledSubarray(sets, { minLength: 20 }), (seed, shuffled) => {
      const question = { choice: month, seed, nowMs };

      expect(selectForDrill(shuffled, question)).toEqual(selectForDrill(sets, question));
    }),
  );
});

test('R-DRILL-1: every backup has its turn', () => {
  const sets = Array.from({ length: 20 }, (_, at) => aged(at + 1));
  const turns = new Map<string | null, number>();

  for (let seed = 0; seed < 2000; seed += 1) {
    const { id } = selectForDrill(sets, { choice: month, seed, nowMs });
    turns.set(id, (turns.get(id) ?? 0) + 1);
  }

  expect(turns.size).toBe(20);
  expect(Math.min(...turns.values())).toBeGreaterThan(60);
  expect(Math.max(...turns.values())).toBeLessThan(140);
});
