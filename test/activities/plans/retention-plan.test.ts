import { bucketsOf, explainRetention, retentionPlan } from '../../../activities/plans/retention-plan';
import { retentionPolicy } from '../../../activities/plans/retention-policy';
import { PublishedShelf } from '../../../activities/plans/published-shelf';
import { backupFact } from '../../platform/store/backup-entries';
import { useStore } from '../changes/bed';
import { publishPlan } from './backup-bed';

const store = useStore();
const dayMs = 86_400_000;

/** Verified sets of the plan, one for each instant; ids are `b` and their numbers. */
async function sets(...times: readonly string[]): Promise<void> {
  for (const [index, time] of times.entries()) {
    const [id, at] = [`b${index + 1}`, Date.parse(time)];
    await store().journal.append(`run/${id}`, [
      backupFact('backup.opened', { plan: 'sample' }, at),
      backupFact('backup.set', { set: id, plan: 'sample', atMs: at, endedAtMs: at, toolId: `t${id}` }, at),
      backupFact('backup.level', { set: id, levels: ['V0', 'V1'], atMs: at }, at),
    ]);
  }
}

const atMs = Date.parse('2026-03-31T12:00:00Z');

async function plan(lines: readonly string[], pinned: readonly string[] = []) {
  const shelf = await publishPlan(store(), ...lines);
  const answer = await retentionPlan({ store: store(), shelf }, { plan: 'sample', atMs, pinned });
  if ('problems' in answer) throw new Error(JSON.stringify(answer.problems));
  return answer;
}

test('R-BKP-1: the newest of each bucket in the zone of the plan stays, with its reason', async () => {
  // In Berlin the second is the last of the 28th, the third the first of the 29th.
  await sets('2026-03-28T10:00:00Z', '2026-03-28T22:59:00Z', '2026-03-28T23:01:00Z', '2026-03-30T10:00:00Z');

  const { explained, expiring, madeAt } = await plan(['retention: {daily: 3}', 'zone: Europe/Berlin']);

  expect(madeAt).toBe(atMs);
  expect(expiring).toEqual(['b1']);
  expect(explained).toEqual([
    { set: 'b4', keep: true, reasons: [expect.stringContaining('daily 1 of 3')] },
    { set: 'b3', keep: true, reasons: [expect.stringContaining('daily 2 of 3')] },
    { set: 'b2', keep: true, reasons: [expect.stringContaining('daily 3 of 3')] },
    { set: 'b1', keep: false, reasons: ['goes: no rule keeps it'] },
  ]);
});

test('in another zone the same sets lie in other buckets', async () => {
  await sets('2026-03-28T10:00:00Z', '2026-03-28T22:59:00Z', '2026-03-28T23:01:00Z', '2026-03-30T10:00:00Z');

  expect((await plan(['retention: {daily: 2}', 'zone: UTC'])).expiring).toEqual(['b2', 'b1']);
});

test('R-BKP-3: an empty policy lets nothing go', async () => {
  await sets('2024-03-28T10:00:00Z', '2026-03-30T10:00:00Z');

  expect((await plan([])).expiring).toEqual([]);
});

test('R-BKP-8, R-BKP-9: what is pinned by whoever asks, and what is held, stays', async () => {
  await sets('2024-01-28T10:00:00Z', '2024-02-28T10:00:00Z', '2024-03-28T10:00:00Z', '2026-03-30T10:00:00Z');
  await store().journal.append('run/k1', [
    backupFact('backup.held', { set: 'b1', name: 'audit', kind: 'legal', untilMs: null }),
  ]);

  expect((await plan(['retention: {last: 1}'], ['b2'])).expiring).toEqual(['b3']);
});

test('a set that was pruned is not planned again', async () => {
  await sets('2024-01-28T10:00:00Z', '2024-02-28T10:00:00Z', '2026-03-30T10:00:00Z');
  await store().journal.append('run/b9', [
    backupFact('backup.opened', { plan: 'sample', kind: 'forget' }),
    backupFact('backup.pruned', { sets: ['b1'], intact: true }),
  ]);

  expect((await plan(['retention: {last: 1}'])).expiring).toEqual(['b2']);
});

test('R-TIME-1: calendar days are as long as they were in the zone', () => {
  const zone = 'Europe/Berlin';

  // The clock went forward on the 29th.
  expect(retentionPolicy({ retention: { within: 'P3D' }, zone }, atMs).withinMs).toBe(3 * dayMs - dayMs / 24);
  expect(retentionPolicy({ retention: { within: '72h' }, zone }, atMs).withinMs).toBe(3 * dayMs);
});

test.each([
  ['2026-03-01T05:59', ['2026-03-01T05', '2026-03-01', '2026-W09', '2026-03', '2026']],
  // A Thursday: its week is the first of the year; that of the Friday of another is the last of the year before.
  ['2026-01-01T00:00', ['2026-01-01T00', '2026-01-01', '2026-W01', '2026-01', '2026']],
  ['2027-01-01T23:59', ['2027-01-01T23', '2027-01-01', '2026-W53', '2027-01', '2027']],
  ['2024-12-30T12:00', ['2024-12-30T12', '2024-12-30', '2025-W01', '2024-12', '2024']],
])('R-BKP-1: buckets of %s are %j', (time, keys) => {
  expect(Object.values(bucketsOf(Date.parse(`${time}:00Z`)))).toEqual(keys);
});

test('a plan that nobody published has none', async () => {
  const sources = { store: store(), shelf: new PublishedShelf(store()) };

  const answer = await explainRetention(sources, { plan: 'sample', atMs, pinned: [] });

  expect('problems' in answer && answer.problems.map(({ code }) => code)).toEqual(['DEFINITION_NOT_FOUND']);
});

test('of thousands the oldest go first, and the answer is no longer than a history bears', async () => {
  await sets('2026-03-30T10:00:00Z');
  const [row] = await store().backups.sets({ plan: 'sample', limit: 1 });
  if (row === undefined) throw new Error('Cannot go on: there is no set');
  const rows = Array.from({ length: 2_000 }, (_, index) => ({
    ...row,
    id: `b${index}`,
    atMs: row.atMs - index * 3_600_000,
  }));
  const shelf = await publishPlan(store(), 'retention: {last: 900}');
  const sources = { store: { backups: { ...store().backups, sets: () => Promise.resolve(rows) } }, shelf };
  const asked = { plan: 'sample', atMs, pinned: [] };

  const answer = await retentionPlan(sources, asked);
  const whole = await explainRetention(sources, asked);

  if ('problems' in answer || 'problems' in whole) throw new Error('Cannot go on: it has problems');
  expect(whole.expiring).toHaveLength(1_100);
  expect(whole.explained).toHaveLength(2_000);
  expect(answer.expiring).toEqual(whole.expiring.slice(-250));
  expect(answer.expiring.at(-1)).toBe('b1999');
  expect(answer.explained.map(({ keep }) => keep)).toEqual([...Array(250).fill(true), ...Array(250).fill(false)]);
});
