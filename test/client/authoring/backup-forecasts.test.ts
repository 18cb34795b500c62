import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { assumedDurations, durationsFrom } from '../../../client/authoring/backup-durations';
import { forecastPaths } from '../../../client/authoring/backup-forecasts';
import { slotsFrom } from '../../../definitions/backup-slots';
import { DayClock } from '../../../definitions/calendar/day-clock';
import { ianaZone } from '../../../definitions/calendar/zone';
import type { BackupPlan } from '../../../workflows/backup/schema';
import { forecastBackups } from '../../../workflows/rehearsal/backup-forecast';
import type { ForecastSlot } from '../../../workflows/rehearsal/backup-play';
import { planText } from '../../definitions/backup-documents';

const dayMs = 86_400_000;
const fromMs = Date.parse('2026-11-21T00:00:00Z');
const stretch = { fromMs, untilMs: fromMs + 365 * dayMs };

const folder = mkdtempSync(join(tmpdir(), 'mainstay-forecast-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('R-TIME-3: a year of a plan has its drills, and the nights in which clocks are changed', () => {
  const path = file(
    'plan.yaml',
    planText(
      "backups: [{id: nightly, schedule: {cron: '30 2 * * *'}}, {id: byHand}]",
      "verify: {deep: {schedule: {cron: '35 2 1 * *'}}}",
      "drill: {identity: {hostName: web1}, schedule: {cron: '0 5 * * 1'}}",
      'zone: Europe/Berlin',
    ),
  );

  const found = forecastPaths([path], stretch, durationsFrom([]));

  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  const { operations, delayed, clockChanges, peak } = found.forecast;
  expect(operations).toBe(365 + 12 + 52);
  expect(delayed.count).toBe(12);
  expect(delayed.longest[0]).toMatchObject({ plan: 'sample', run: 'verify', delayMs: 10 * 60_000 });
  expect(clockChanges.first.map(({ atMs, change }) => [new Date(atMs).toISOString(), change])).toEqual([
    ['2027-03-28T01:30:00.000Z', 'skipped'],
    ['2027-10-31T00:30:00.000Z', 'repeated'],
  ]);
  expect(peak.operations.most).toBe(1);
});

test('a plan that cannot be read is told', () => {
  const path = file('bad.yaml', planText("backups: [{id: nightly, schedule: {cron: '30 2 1 * 1'}}]"));

  const found = forecastPaths([path], stretch, durationsFrom([]));

  expect(!found.ok && found.problems.map(({ code }) => code)).toEqual(['CRON_INVALID']);
});

test('how long something takes is what somebody says, else the median of its plan, else of all, else assumed', () => {
  const past = [1, 2, 9].map((minutes) => ({
    plan: 'shop',
    kind: 'backup',
    outcome: 'succeeded',
    openedAt: 0,
    endedAt: minutes * 60_000,
  }));
  const failed = { plan: 'shop', kind: 'drill', outcome: 'FAIL', openedAt: 0, endedAt: 1 };

  const durationsOf = durationsFrom([...past, failed], { verify: 5 });

  expect(durationsOf('shop')).toEqual({ backup: 120_000, verify: 5, drill: assumedDurations.drill });
  expect(durationsOf('mail').backup).toBe(120_000);
});

const many = 200;
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC'];

/** One of many: a backup each night and on working days at noon, a deep look each month, a drill each week. */
function plan(index: number): BackupPlan {
  return {
    service: `s${index}`,
    provider: 'restic',
    host: 'web1',
    source: ['/srv'],
    repositories: { primary: { location: '/backup' } },
    zone: zones[index % zones.length] ?? 'UTC',
    backups: [
      { id: 'nightly', schedule: { cron: `${index % 60} ${index % 5} * * *` } },
      { id: 'midday', schedule: { cron: '0 12 * * 1-5' } },
    ],
    verify: { deep: { schedule: { rrule: 'FREQ=MONTHLY;BYDAY=1SU', start: '2026-01-04T12:00' } } },
    drill: { schedule: { cron: `${index % 60} 5 * * ${index % 7}` } },
  };
}

test('a year of many plans asks a zone about each of its days once, and looks at each slot once', () => {
  let [asked, looked] = [0, 0];
  const clocks = zones.map((name) => {
    const zone = ianaZone(name);
    if (zone === null) throw new Error(name);
    const counted = { ...zone, instantOf: (wall: number) => ((asked += 1), zone.instantOf(wall)) };
    return new DayClock(counted);
  });
  function* slots(index: number): Generator<ForecastSlot> {
    for (const { run, atMs, change } of slotsFrom(plan(index), fromMs, clocks[index % clocks.length])) {
      looked += 1;
      if (atMs >= stretch.untilMs) return;
      yield { run, atMs, change, kind: run === 'drill' || run === 'verify' ? run : 'backup', missed: 'skip' };
    }
  }
  const plans = Array.from({ length: many }, (_, index) => ({
    name: `p${index}`,
    slots: slots(index),
    durationsMs: assumedDurations,
  }));

  const forecast = forecastBackups(plans, stretch);

  // 365 nights, 260 or 261 noons, 12 months, 52 or 53 weeks.
  expect(forecast.operations).toBeGreaterThan(many * (365 + 260 + 12 + 52) - 1);
  expect(looked).toBe(forecast.operations + forecast.leftOut.count + many);
  // Two for each day and a little beyond the year, and more on the days on which clocks are changed.
  expect(asked).toBeLessThan(zones.length * 2 * 500 + many * 2 * 2);
});
