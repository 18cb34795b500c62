import { backupSlots } from '../../../activities/plans/backup-slots';
import { PublishedShelf } from '../../../activities/plans/published-shelf';
import { useStore } from '../changes/bed';
import { publishPlan } from './backup-bed';

const store = useStore();

const schedules = [
  "backups: [{id: nightly, schedule: {cron: '30 2 * * *'}}, {id: byHand}]",
  "verify: {deep: {schedule: {cron: '30 2 29 3 *'}}}",
  'drill: {schedule: {rrule: FREQ=WEEKLY;BYDAY=SU, start: 2026-01-04T05:00}}',
  'zone: Europe/Berlin',
];

const fromMs = Date.parse('2026-03-28T00:00:00Z');
const untilMs = Date.parse('2026-03-30T00:00:00Z');

async function slots(limit: number) {
  const { slots: found, nextMs } = await backupSlots(await publishPlan(store(), ...schedules), {
    plan: 'sample',
    fromMs,
    untilMs,
    limit,
  });
  const text = (at: number): string => new Date(at).toISOString().slice(0, 16);
  return [found.map(({ run, atMs }) => `${run} ${text(atMs)}`), nextMs === null ? null : text(nextMs)];
}

test('R-TIME-1: slots of all schedules come in order, in the zone of the plan', async () => {
  expect(await slots(10)).toEqual([
    ['nightly 2026-03-28T01:30', 'nightly 2026-03-29T01:30', 'verify 2026-03-29T01:30', 'drill 2026-03-29T03:00'],
    '2026-03-30T00:30',
  ]);
});

test('beyond the limit the next one is told', async () => {
  expect(await slots(2)).toEqual([['nightly 2026-03-28T01:30', 'nightly 2026-03-29T01:30'], '2026-03-29T01:30']);
});

test('a plan without a schedule, and one that is not published, have no slots', async () => {
  const asked = { plan: 'sample', fromMs, untilMs, limit: 5 };

  expect(await backupSlots(new PublishedShelf(store()), asked)).toEqual({ slots: [], nextMs: null });
  expect(await backupSlots(await publishPlan(store()), asked)).toEqual({ slots: [], nextMs: null });
});
