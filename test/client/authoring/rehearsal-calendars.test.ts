import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareRehearsals } from '../../../client/authoring/rehearsals';
import { rehearse } from '../../../workflows/rehearsal';

const folder = mkdtempSync(join(tmpdir(), 'mainstay-rehearsal-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const documents = `apiVersion: mainstay/v1
kind: Runbook
metadata: {name: nightly, version: 1.0.0}
spec:
  steps: [{id: night, wait: {window: nights}}]
---
apiVersion: mainstay/v1
kind: Calendar
metadata: {name: nights}
spec: {type: DEFAULT_CLOSED, zone: Europe/Berlin, ical: {file: nights.ics}}
---
apiVersion: mainstay/v1
kind: Inventory
metadata: {name: none}
spec: {hosts: []}
---
apiVersion: mainstay/v1
kind: Rehearsal
metadata: {name: over-a-change-of-clocks}
spec: {runbook: nightly, inventory: none, start: 2026-10-24T12:00:00Z, expect: {outcome: succeeded}}
`;

const nights = [
  'BEGIN:VCALENDAR',
  'BEGIN:VEVENT',
  'UID:night',
  'DTSTART;TZID=Europe/Berlin:20261001T040000',
  'DURATION:PT1H',
  'RRULE:FREQ=WEEKLY;BYDAY=SU',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n');

test('a rehearsal waits for the calendars of the files beside it, over a change of clocks as well (R-TIME-1)', async () => {
  writeFileSync(join(folder, 'nights.ics'), nights);
  writeFileSync(join(folder, 'nightly.yaml'), documents);

  const prepared = await prepareRehearsals([folder]);
  const [rehearsal] = prepared.ok ? prepared.rehearsals : [];
  const request = rehearsal?.request;
  if (request?.ok !== true || !('value' in request)) throw new Error(JSON.stringify(prepared));
  const played = await rehearse(request.value);

  expect(played.problems).toEqual([]);
  // Sunday 04:00 in Berlin, when clocks have gone back an hour before.
  expect(new Date(played.endedAt).toISOString()).toBe('2026-10-25T03:00:00.000Z');
});
