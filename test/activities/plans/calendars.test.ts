import { PublishedCalendars } from '../../../activities/plans/calendars';
import type { PublishedDocuments } from '../../../activities/plans/published';
import { loadText } from '../../../definitions/load';
import type { ResolvedCalendar } from '../../../workflows/domain/calendar';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const now = Date.parse('2026-11-21T09:30:00Z');

function calendarText(name: string, version: string, ...lines: readonly string[]): string {
  return [
    'apiVersion: mainstay/v1',
    'kind: Calendar',
    `metadata: {name: ${name}, version: ${version}}`,
    'spec:',
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function published(...texts: readonly string[]): PublishedDocuments {
  const loads = texts.map((text, at) => loadText(`published ${at}`, text));
  const problems = loads.flatMap((load) => load.problems);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return { documents: loads.flatMap(({ documents }) => documents), files: new Map() };
}

function calendars(...texts: readonly string[]): PublishedCalendars {
  const documents = published(...texts);
  return new PublishedCalendars({ documents: () => Promise.resolve(documents) });
}

const freeze = (version: string, id: string): string =>
  calendarText(
    'freezes',
    version,
    'type: DEFAULT_OPEN',
    'zone: UTC',
    `freezes: [{id: ${id}, start: 2026-11-22T00:00, end: 2026-11-23T00:00}]`,
  );

const asked = (...names: readonly string[]) => ({ names, fromMs: now, untilMs: now + 10 * dayMs });

function closuresOf(calendar: ResolvedCalendar | undefined): readonly string[] {
  return calendar?.type === 'DEFAULT_OPEN' ? calendar.closures.map(({ id }) => id) : [];
}

test('the look-up "calendars" answers the newest version of each, and says which are not published', async () => {
  const answer = await calendars(freeze('1.0.0', 'old'), freeze('1.1.0', 'new')).resolve(
    asked('freezes', 'nobody', 'freezes'),
  );

  expect(answer.missing).toEqual(['nobody']);
  expect(answer.calendars.map(closuresOf)).toEqual([['freezes/new']]);
});

test('the look-up "calendars" answers a version that is asked for, under the name that was asked', async () => {
  const answer = await calendars(freeze('1.0.0', 'old'), freeze('1.1.0', 'new')).resolve(asked('freezes@1.0'));

  expect(answer.calendars.map(({ name }) => name)).toEqual(['freezes@1.0']);
  expect(answer.calendars.map(closuresOf)).toEqual([['freezes/old']]);
});

test('the horizon holds what was asked, and is the same for questions of one day, so that the answer is', async () => {
  const known = calendars(freeze('1.0.0', 'a'));

  const [first] = (await known.resolve(asked('freezes'))).calendars;
  const [second] = (
    await known.resolve({ names: ['freezes'], fromMs: now + hourMs, untilMs: now + hourMs + 10 * dayMs })
  ).calendars;

  expect(first?.horizon).toEqual({ startMs: Date.parse('2026-11-21T00:00Z'), endMs: Date.parse('2026-12-02T00:00Z') });
  expect(second).toBe(first);
});

test('what was published since is found at once, with another version of the calendar (R-TIME-6)', async () => {
  let documents = published(freeze('1.0.0', 'a'));
  const known = new PublishedCalendars({ documents: () => Promise.resolve(documents) });
  const [before] = (await known.resolve(asked('freezes'))).calendars;

  documents = published(freeze('1.0.0', 'a'), freeze('1.0.1', 'b'));
  const [after] = (await known.resolve(asked('freezes'))).calendars;

  expect(closuresOf(after)).toEqual(['freezes/b']);
  expect(after?.version).not.toBe(before?.version);
});

test('a calendar that cannot be read is missing, and find() says why', async () => {
  const known = calendars(calendarText('broken', '1.0.0', 'type: DEFAULT_OPEN', 'zone: Mars/Base'));

  expect(await known.resolve(asked('broken'))).toEqual({ calendars: [], missing: ['broken'] });
  expect(await known.find('broken')).toEqual({
    kind: 'unreadable',
    reason: 'Cannot use the zone "Mars/Base": it is unknown',
  });
});

test('an answer is at most 64 KiB: the horizon ends where it was cut, and what is within is complete', async () => {
  const hours = Array.from(
    { length: 12 },
    (_, at) => `'${String(2 * at).padStart(2, '0')}:00-${String(2 * at).padStart(2, '0')}:30'`,
  );
  const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => `${day}: [${hours.join(', ')}]`);
  const busy = (name: string): string =>
    calendarText(name, '1.0.0', 'type: DEFAULT_CLOSED', 'zone: UTC', `hours: {${week.join(', ')}}`);
  const known = calendars(busy('one'), busy('two'));

  const answer = await known.resolve({ names: ['one', 'two'], fromMs: now, untilMs: now + 700 * dayMs });

  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(64 * 1024);
  for (const calendar of answer.calendars) {
    const days = (calendar.horizon.endMs - calendar.horizon.startMs) / dayMs;
    expect(days).toBeGreaterThan(20);
    expect(days).toBeLessThan(700);
    expect(calendar.type === 'DEFAULT_CLOSED' ? calendar.openings.length : 0).toBe(Math.ceil(days * 12));
  }
});
