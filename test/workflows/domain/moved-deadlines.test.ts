import { movedDeadlines } from '../../../workflows/domain/moved-deadlines';

test('R-TIME-6: movedDeadlines() reports what a new version of the data moves, and nothing else', () => {
  const before = { same: 1, later: 2, lost: 3, found: null, gone: 5 };
  const after = { same: 1, later: 4, lost: null, found: 6, come: 7 };

  expect(movedDeadlines(before, after)).toEqual([
    { name: 'later', fromMs: 2, toMs: 4 },
    { name: 'lost', fromMs: 3, toMs: null },
    { name: 'found', fromMs: null, toMs: 6 },
  ]);
});
