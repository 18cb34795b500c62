import { changeWindowProblems, windowOfDraft } from '../../../workflows/domain/change-window';

const hour = 3_600_000;
const window = { startMs: 10 * hour, endMs: 14 * hour, cutoffMs: hour };
const work = { p95Ms: hour, lastTaskStartP95Ms: hour / 2, backOutP95Ms: hour };

function codes(of: { leadTimeMs?: number; nowMs?: number; window?: typeof window; work?: typeof work }) {
  const model = { name: 'm', leadTimeMs: of.leadTimeMs ?? 0 };
  const held = { model, work: of.work ?? work };
  return changeWindowProblems(of.window ?? window, held, of.nowMs ?? 0).map(({ code }) => code);
}

test.each([
  ['a window ahead', {}, []],
  ['a window that ends before it starts', { window: { ...window, endMs: 9 * hour } }, ['WINDOW_EMPTY']],
  ['a window that is over', { nowMs: 14 * hour }, ['WINDOW_OVER']],
  ['just enough lead time', { leadTimeMs: 10 * hour }, []],
  ['a moment too little', { leadTimeMs: 10 * hour, nowMs: 1 }, ['LEAD_TIME_SHORT']],
  // A change that is held at its start is submitted again within its window.
  ['no lead time, within the window', { nowMs: 11 * hour }, []],
  ['no lead time, too late for the back-out (R-WIN-2)', { nowMs: 13 * hour }, ['WINDOW_TOO_SHORT', 'WINDOW_TOO_SHORT']],
  [
    'work longer than the window less its back-out (R-WIN-2)',
    { work: { ...work, p95Ms: 3 * hour } },
    ['WINDOW_TOO_SHORT'],
  ],
  [
    'a last task after the cutoff (R-WIN-1)',
    { work: { ...work, lastTaskStartP95Ms: 3.5 * hour } },
    ['WINDOW_TOO_SHORT'],
  ],
])('changeWindowProblems() of %s', (_what, of, expected) => {
  expect(codes(of)).toEqual(expected);
});

test('windowOfDraft() reads instants of any offset, and a cutoff', () => {
  const read = windowOfDraft({ start: '1970-01-01T11:00:00+01:00', end: '1970-01-01T14:00Z', cutoff: '1h' });

  expect(read).toEqual(window);
  expect(windowOfDraft({ start: '1970-01-01T10:00Z', end: '1970-01-01T14:00Z' }).cutoffMs).toBe(0);
});
