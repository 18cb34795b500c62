import { cronTimesOn, parseCron } from '../../../definitions/calendar/cron';

function timesOn(text: string, date: string): readonly string[] {
  const parsed = parseCron(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return cronTimesOn(parsed.rule, Date.parse(`${date}T00:00:00Z`)).map((wall) =>
    new Date(wall).toISOString().slice(11, 16),
  );
}

test.each([
  ['30 2 * * *', '2026-11-21', ['02:30']],
  ['30 2 * * *', '2026-02-28', ['02:30']],
  // A Saturday.
  ['0 5 * * 1', '2026-11-21', []],
  ['0 5 * * 6', '2026-11-21', ['05:00']],
  ['0 5 * * sat', '2026-11-21', ['05:00']],
  ['0 5 * * 1-5', '2026-11-21', []],
  // 0 and 7 are both Sunday.
  ['0 5 * * 0', '2026-11-22', ['05:00']],
  ['0 5 * * 7', '2026-11-22', ['05:00']],
  ['0 5 * * fri-sun', '2026-11-22', ['05:00']],
  ['0 5 * * 5-7', '2026-11-22', ['05:00']],
  ['0 5 * * mon-sun', '2026-11-22', ['05:00']],
  ['0 5 21 * *', '2026-11-21', ['05:00']],
  ['0 5 20,21 nov *', '2026-11-21', ['05:00']],
  ['0 5 21 1-10 *', '2026-11-21', []],
  ['*/20 6-7 * * *', '2026-11-21', ['06:00', '06:20', '06:40', '07:00', '07:20', '07:40']],
  ['5-50/15 0 * * *', '2026-11-21', ['00:05', '00:20', '00:35', '00:50']],
  ['59,1,1 23,0 * * *', '2026-11-21', ['00:01', '00:59', '23:01', '23:59']],
  ['  0\t5 *  * * ', '2026-11-21', ['05:00']],
  // Everything, written out, restricts nothing.
  ['0 5 21 * 0-6', '2026-11-21', ['05:00']],
  ['0 5 1-31 * 6', '2026-11-21', ['05:00']],
])('%s on %s is due at %j', (text, date, expected) => {
  expect(timesOn(text, date)).toEqual(expected);
});

test.each([
  ['', 'it has 1 fields, expected five'],
  ['* * * *', 'it has 4 fields'],
  ['0 0 2 * * *', 'it has 6 fields'],
  ['@daily', 'it has 1 fields'],
  ['60 * * * *', 'the minute has "60"'],
  ['* 24 * * *', 'the hour has "24"'],
  ['* * 0 * *', 'the day of the month has "0"'],
  ['* * 32 * *', 'the day of the month has "32"'],
  ['* * L * *', 'the day of the month has "L"'],
  ['* * ? * *', 'the day of the month has "?"'],
  ['* * * 13 *', 'the month has "13"'],
  ['* * * mon *', 'the month has "mon"'],
  ['* * * * 8', 'the day of the week has "8"'],
  ['* * * * 2#1', 'the day of the week has "2#1"'],
  ['30-10 * * * *', 'the minute has "30-10"'],
  ['*/0 * * * *', 'the minute has "*/0"'],
  ['5/10 * * * *', 'the minute has "5/10"'],
  ['1,,2 * * * *', 'the minute has ""'],
  ['-1 * * * *', 'the minute has "-1"'],
  ['1-2-3 * * * *', 'the minute has "1-2-3"'],
  ['0 0 1 * 1', 'both restricted'],
  ['0 0 */2 * 1', 'both restricted'],
  ['0 0 30 2 *', 'no month of it has such a day'],
  ['0 0 31 2,4,6,9,11 *', 'no month of it has such a day'],
])('%j is refused: %s', (text, reason) => {
  const parsed = parseCron(text);

  expect(parsed.ok ? '' : parsed.reason).toContain(reason);
});
