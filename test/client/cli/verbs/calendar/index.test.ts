import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRegistry } from '../../../../../client/published-registry';
import type { Registry } from '../../../../../client/registry';
import { testApi } from '../../../../support/client/api';
import type { TestApi } from '../../../../support/client/api';
import { testCli } from '../../../../support/client/cli';
import type { TestCli } from '../../../../support/client/cli';
import { fakeEngine } from '../../../../support/client/fake-engine';

let folder: string;
let api: TestApi;
let cli: TestCli;

const freezes = `apiVersion: mainstay/v1
kind: Calendar
metadata: {name: eu-freezes, title: Freezes}
spec:
  type: DEFAULT_OPEN
  zone: Europe/Berlin
  freezes: [{id: year-end, title: Year end, start: 2026-12-18T18:00, end: 2027-01-04T06:00, force: hard}]
`;

const windows = `apiVersion: mainstay/v1
kind: Calendar
metadata: {name: maintenance}
spec:
  type: DEFAULT_CLOSED
  zone: Europe/Berlin
  windows: [{start: sat 22:00, length: PT4H, cutoff: PT1H}]
`;

const holidays = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'X-WR-TIMEZONE:Europe/Berlin',
  'BEGIN:VEVENT',
  'UID:unity',
  'DTSTART;VALUE=DATE:20261003',
  'SUMMARY:Unity',
  'RRULE:FREQ=YEARLY',
  'TRANSP:TRANSPARENT',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-calendar-'));
  // The registry works with the store that the API is opened on.
  let registry: Registry | null = null;
  const late: Registry = {
    apply: (...args) => (registry ?? refuse()).apply(...args),
    compile: (...args) => (registry ?? refuse()).compile(...args),
    scopeOf: (request) => (registry ?? refuse()).scopeOf(request),
    calendars: {
      find: (name) => (registry ?? refuse()).calendars.find(name),
      list: () => (registry ?? refuse()).calendars.list(),
    },
    get drafts() {
      return (registry ?? refuse()).drafts;
    },
    changeModels: () => (registry ?? refuse()).changeModels(),
  };
  api = await testApi((store) => {
    registry = createRegistry(store);
    return fakeEngine();
  }, late);
  cli = await testCli(api);
});

afterEach(async () => {
  await cli.close();
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

function refuse(): never {
  throw new Error('the store is not open yet');
}

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('mainstay calendar show', () => {
  test('shows the closures of a file in its zone and in UTC, without an engine', async () => {
    const alone = await testCli(null);
    const file = write('eu.yaml', freezes);

    const shown = await alone.run('calendar', 'show', file, '--from', '2026-12-01', '--until', '2027-02-01');

    expect(shown).toMatchObject({ exitCode: 0 });
    expect(shown.stdout).toBe(
      'Fri 2026-12-18 18:00 +01:00\tMon 2027-01-04 06:00 +01:00\t2026-12-18T17:00Z\t2027-01-04T05:00Z\tPT396H\thard\teu-freezes/year-end\tYear end',
    );
    expect(shown.stderr).toContain('eu-freezes is open but for 1 closure (zone Europe/Berlin, version ');
  });

  test('shows a published calendar in another zone, with its version', async () => {
    await cli.run('apply', write('eu.yaml', freezes));

    const shown = await cli.run(
      'calendar',
      'show',
      'eu-freezes',
      '--from',
      '2026-12-01',
      '--until',
      '2027-02-01',
      '--zone',
      'Asia/Tokyo',
      '--json',
    );

    expect(JSON.parse(shown.stdout)).toMatchObject({
      zone: 'Asia/Tokyo',
      calendar: {
        name: 'eu-freezes',
        horizon: { startMs: Date.parse('2026-11-30T15:00Z') },
        closures: [{ force: 'hard' }],
      },
    });
  });

  test.each([
    ['an unknown name', ['nobody'], 'CALENDAR_NOT_FOUND', 1],
    ['an unknown zone', ['eu-freezes', '--zone', 'Mars/Base'], 'Cannot use the zone "Mars/Base": it is unknown', 1],
    [
      'a moment that is none',
      ['eu-freezes', '--from', 'tomorrow'],
      'Cannot use the moment "tomorrow": expected 2026-12-24',
      1,
    ],
    [
      'an end before the beginning',
      ['eu-freezes', '--from', '2026-12-02', '--until', '2026-12-01'],
      'the end is not after',
      1,
    ],
  ])('refuses %s and says what to do', async (_what, args, said, exitCode) => {
    await cli.run('apply', write('eu.yaml', freezes));

    const shown = await cli.run('calendar', 'show', ...args);

    expect(shown.exitCode).toBe(exitCode);
    expect(shown.stderr).toContain(said);
  });

  test('asks which one is meant when a file holds several, and takes FILE#NAME', async () => {
    const file = write('both.yaml', `${freezes}---\n${windows}`);

    expect(await cli.run('calendar', 'show', file)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`${file}#eu-freezes`),
    });
    expect(
      (await cli.run('calendar', 'show', `${file}#maintenance`, '--from', '2026-11-21', '--until', '2026-11-22'))
        .stdout,
    ).toBe('Sat 2026-11-21 22:00 +01:00\tSun 2026-11-22 00:00 +01:00\t2026-11-21T21:00Z\t2026-11-21T23:00Z\tPT2H\t');
  });

  test('tells what is wrong in a file with line and column', async () => {
    const file = write('bad.yaml', freezes.replace('Europe/Berlin', 'Europe/Berlim'));

    const shown = await cli.run('calendar', 'show', file);

    expect(shown.exitCode).toBe(1);
    expect(shown.stderr).toContain(
      'bad.yaml:6:9 UNKNOWN_ZONE Cannot use the zone "Europe/Berlim": it is unknown; did you mean "Europe/Berlin"?',
    );
  });
});

describe('mainstay calendar next', () => {
  test('finds the next time that is open in all calendars and long enough, with the cutoff of its window (R-WIN-1)', async () => {
    await cli.run('apply', write('eu.yaml', freezes));
    const file = write('windows.yaml', windows);

    const found = await cli.run(
      'calendar',
      'next',
      file,
      'eu-freezes',
      '--length',
      'PT3H',
      '--count',
      '2',
      '--from',
      '2026-12-12',
    );

    expect(found.stdout.split('\n')).toEqual([
      'Sat 2026-12-12 22:00 +01:00\t2026-12-12T21:00Z\tSat 2026-12-12 23:00 +01:00\tSun 2026-12-13 02:00 +01:00\tSun 2026-12-13 01:00 +01:00',
      'Sat 2027-01-09 22:00 +01:00\t2027-01-09T21:00Z\tSat 2027-01-09 23:00 +01:00\tSun 2027-01-10 02:00 +01:00\tSun 2027-01-10 01:00 +01:00',
    ]);
  });

  test('says how far it looked when nothing is long enough', async () => {
    const found = await cli.run(
      'calendar',
      'next',
      write('windows.yaml', windows),
      '--length',
      '5h',
      '--from',
      '2026-12-01',
      '--until',
      '2026-12-31',
    );

    expect(found).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: '0 slots until Thu 2026-12-31 00:00 +01:00; look further with --until',
    });
  });

  test.each(['P1D', 'soon', 'PT0S'])('refuses the length %s', async (length) => {
    const found = await cli.run('calendar', 'next', write('windows.yaml', windows), '--length', length);

    expect(found).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`Cannot use the length "${length}"`) });
  });
});

describe('mainstay calendar import', () => {
  test('publishes what it made of an iCalendar file, and says what it understood', async () => {
    const imported = await cli.run(
      'calendar',
      'import',
      write('de.ics', holidays),
      '--name',
      'de-holidays',
      '--force',
      'hard',
    );

    expect(imported.exitCode).toBe(0);
    expect(imported.stdout).toBe('Calendar\tde-holidays\t0.0.1\tpublished');
    expect(imported.stderr.split('\n')).toEqual([
      '1 event understood, 1 of them recurring; zone Europe/Berlin',
      'note: "Unity" counts although it is marked as not busy',
    ]);
    const shown = await cli.run('calendar', 'show', 'de-holidays', '--from', '2027-10-01', '--until', '2027-10-31');
    expect(shown.stdout).toContain('Sun 2027-10-03 00:00 +02:00\tMon 2027-10-04 00:00 +02:00');
    expect(shown.stdout).toContain('hard\tde-holidays/unity@2027-10-03T00:00\tUnity');
    expect((await cli.run('calendar', 'list')).stdout).toBe('de-holidays\t0.0.1\tDEFAULT_OPEN\tEurope/Berlin\t');
  });

  test('prints a document that check accepts with --dry-run, and publishes nothing', async () => {
    const printed = await cli.run(
      'calendar',
      'import',
      write('de.ics', holidays),
      '--name',
      'de-holidays',
      '--dry-run',
    );

    expect(await cli.run('check', write('made.yaml', printed.stdout))).toMatchObject({ exitCode: 0 });
    expect((await cli.run('calendar', 'list')).stdout).toBe('');
  });

  test.each([
    ['no iCalendar', 'hello', 'ICAL_INVALID', 1],
    ['a rule that is not understood', holidays.replace('FREQ=YEARLY', 'FREQ=HOURLY'), 'FREQ is HOURLY', 1],
    [
      'a zone that nobody knows',
      holidays.replace('DTSTART;VALUE=DATE:20261003', 'DTSTART;TZID=Nowhere:20261003T000000\r\nDURATION:PT1H'),
      'the zone "Nowhere" is unknown',
      1,
    ],
  ])('refuses %s as a whole', async (_what, text, said, exitCode) => {
    const imported = await cli.run('calendar', 'import', write('bad.ics', text), '--name', 'bad');

    expect(imported.exitCode).toBe(exitCode);
    expect(imported.stderr).toContain(said);
    expect((await cli.run('calendar', 'list')).stdout).toBe('');
  });

  test('an iCalendar file beside the document is published with it', async () => {
    write('de.ics', holidays);
    const file = write('de.yaml', freezes.replace(/ {2}freezes.*\n/, '  ical: {file: de.ics}\n'));

    expect(await cli.run('apply', file)).toMatchObject({ exitCode: 0 });
    rmSync(join(folder, 'de.ics'));

    const shown = await cli.run('calendar', 'show', 'eu-freezes', '--from', '2026-10-01', '--until', '2026-10-31');
    expect(shown.stdout).toContain('eu-freezes/unity@2026-10-03T00:00');
    expect((await cli.run('check', file)).stdout).toContain('FILE_UNREADABLE');
  });
});

test('GET /calendars/:name/slots answers what is open in all of them', async () => {
  await cli.run('apply', write('eu.yaml', freezes), write('windows.yaml', windows));

  const response = await api.app.inject({
    method: 'GET',
    url: '/api/v1/calendars/maintenance/slots?and=eu-freezes&length=PT4H&from=2026-12-18&count=1',
    headers: { authorization: 'Bearer test-token' },
  });

  expect(response.json()).toMatchObject({
    slots: [{ startMs: Date.parse('2027-01-09T21:00Z'), cutoffAtMs: Date.parse('2027-01-10T00:00Z') }],
  });
});
