import { defaultTolerancePercent, failedTests, trendOf } from '../../../workflows/domain/backup-success';
import type { BackupResult, SizeTrend, SuccessTest } from '../../../workflows/domain/backup-success';

const good: BackupResult = {
  exitCode: 0,
  setId: '4f1c2a',
  sizeBytes: 1000,
  verified: true,
  toolVersion: 'pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)',
  serverVersion: '15.8 (Debian 15.8-0+deb12u1)',
};
const trend: SizeTrend = { earlierBytes: [1000, 1010, 990], tolerancePercent: defaultTolerancePercent };

test.each<[string, Partial<BackupResult>, readonly SuccessTest[]]>([
  ['nothing speaks against it', {}, []],
  ['the tool ended with another exit code', { exitCode: 3 }, ['exit-code']],
  ['it is empty', { sizeBytes: 0 }, ['not-empty']],
  ['the tool named no backup', { setId: '' }, ['not-empty']],
  ['it is 30 % smaller than the trend', { sizeBytes: 700 }, []],
  ['it is a byte smaller than that', { sizeBytes: 699 }, ['size-trend']],
  ['it is 30 % larger than the trend', { sizeBytes: 1300 }, []],
  ['it is a byte larger than that', { sizeBytes: 1301 }, ['size-trend']],
  ['V1 was not reached', { verified: false }, ['verified']],
  ['the tool is older than the server', { toolVersion: 'pg_dump (PostgreSQL) 9.6.24' }, ['versions']],
  ['the tool is newer than the server', { toolVersion: '16.1' }, []],
  ['the version of the tool cannot be read', { toolVersion: 'unknown' }, ['versions']],
  ['what is backed up is no server', { toolVersion: 'restic 0.14.0', serverVersion: '' }, []],
  [
    'everything is wrong: each is told',
    { exitCode: 1, sizeBytes: 1, verified: false, toolVersion: '' },
    ['exit-code', 'size-trend', 'verified', 'versions'],
  ],
])('R-BKP-11: %s', (_what, over, expected) => {
  expect(failedTests({ ...good, ...over }, trend).map(({ test: name }) => name)).toEqual(expected);
});

test('R-BKP-11: a failed test tells what was found', () => {
  expect(failedTests({ ...good, sizeBytes: 400, toolVersion: '14.9' }, trend).map(({ text }) => text)).toEqual([
    '400 bytes are off the trend of 1000 (-60 %), ±30 % are allowed',
    'the tool "14.9" is older than the server "15.8 (Debian 15.8-0+deb12u1)"',
  ]);
});

test('R-BKP-11: the first backup has no trend, and still may not be empty', () => {
  const first = { ...trend, earlierBytes: [] };

  expect(failedTests({ ...good, sizeBytes: 1 }, first)).toEqual([]);
  expect(failedTests({ ...good, sizeBytes: 0 }, first)).toHaveLength(1);
});

test('trendOf() is the median of the last seven, so that one odd backup moves nothing', () => {
  expect(trendOf([1, 1, 1, 100, 100, 100, 100, 100, 5, 9000])).toBe(100);
  expect(trendOf([])).toBeNull();
});
