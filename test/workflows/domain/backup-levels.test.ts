import { isAtLeast, lastLevel, levelAges, levelsShown, raised } from '../../../workflows/domain/backup-levels';
import type { AssertionResult, VerificationLevel } from '../../../workflows/domain/backup-levels';

function result(level: VerificationLevel, ok = true): AssertionResult {
  return { name: `about ${level}`, level, ok, detail: '' };
}

test('R-BKP-7: the last level of a set is its highest, whatever was left out below', () => {
  expect(lastLevel({ V0: 1, V1: 2, V4: 3 })).toBe('V4');
  expect(lastLevel({})).toBeNull();
});

test.each<[VerificationLevel, boolean]>([
  ['V1', true],
  ['V4', true],
  ['V5', false],
])('a set at V4 is at least at %s: %s', (wanted, expected) => {
  expect(isAtLeast({ V0: 1, V4: 2 }, wanted)).toBe(expected);
});

test('a set at nothing is not even at V0', () => {
  expect(isAtLeast({}, 'V0')).toBe(false);
});

test('raised() keeps the later date of each level', () => {
  expect(raised({ V0: 5, V1: 20 }, ['V1', 'V3'], 10)).toEqual({ V0: 5, V1: 20, V3: 10 });
  expect(raised({ V0: 5, V1: 7 }, ['V1'], 10)).toEqual({ V0: 5, V1: 10 });
});

test.each<[string, boolean, boolean, readonly AssertionResult[], readonly VerificationLevel[]]>([
  ['a restore that failed shows nothing', false, true, [result('V5')], []],
  ['a restore shows V3', true, false, [], ['V3']],
  ['the start of the service shows V4', true, true, [], ['V3', 'V4']],
  ['files have no service, and their data count', true, false, [result('V3'), result('V5')], ['V3', 'V5']],
  ['what failed ends it', true, true, [result('V5'), result('V5', false), result('V6')], ['V3', 'V4']],
  ['files that differ show nothing at all', true, true, [result('V3', false), result('V5')], []],
  ['everything holds', true, true, [result('V5'), result('V6')], ['V3', 'V4', 'V5', 'V6']],
])('R-DRILL-1: %s', (_what, restored, started, results, expected) => {
  expect(levelsShown({ restored, started, results })).toEqual(expected);
});

test('levelAges() tells since when each level is known', () => {
  expect(levelAges({ V4: 60, V0: 10 }, 100)).toEqual([
    { level: 'V0', atMs: 10, ageMs: 90 },
    { level: 'V4', atMs: 60, ageMs: 40 },
  ]);
});
