import { knownSet, planInForce, start } from './bed';
import { asserted, dayMs, playDrill, replayed, restored, result } from './drills';
import type { DrillGiven } from './drills';

async function measured(given: DrillGiven) {
  const { bed, ended } = await playDrill(given);
  return { ...bed.payloads('backup.measured')[0], ended };
}

test('R-RTO-1: RTO is from the declaration to where the healthy stretch begins', async () => {
  const found = await measured({});

  // The place is open after a second: then the loss is declared.
  expect(found.times).toMatchObject({
    impactAtMs: start + 1_000,
    detectedAtMs: null,
    declaredAtMs: start + 1_000,
    planStartAtMs: start + 1_000,
    answeringAtMs: start + 71_000,
    healthyAtMs: start + 73_000,
  });
  expect(found.rtoMs).toBe(72_000);
  expect(found.reported).toContain('RTO achieved 1 min 12 s (t5 − t0), plan time 1 min 10 s (t4 − t3)');
});

test('R-RTO-1: a clock of the host that cannot be right makes it no faster', async () => {
  const found = await measured({
    roles: { 'restic/replay': () => replayed({ answeringAtMs: 5, healthyAtMs: start + dayMs }) },
  });

  expect(found.times).toMatchObject({ answeringAtMs: start + 81_000, healthyAtMs: start + 81_000 });
});

test('R-RTO-1: where nothing is started it is healthy when the assertions have held', async () => {
  const roles = planInForce().roles.filter((role) => role !== 'replay');
  const found = await measured({ plan: { roles } });

  expect(found.rtoMs).toBe(65_000);
  expect(found.reported).toContain('nothing was started');
});

test.each<readonly [string, DrillGiven, number | null]>([
  ['the newest backup as it is', { roles: { 'restic/assert': () => asserted([result('a')], start - 9_000) } }, 10_000],
  ['no heartbeat: unknown, not zero', {}, null],
  [
    'an older backup than the newest: its age is not what a loss would cost',
    {
      sets: [knownSet(), knownSet({ id: 'bset2', atMs: start - 3_600_000 })],
      work: { select: { how: 'specific', set: 'bset1' } },
      roles: { 'restic/assert': () => asserted([result('a')], start - dayMs) },
    },
    null,
  ],
  [
    'a point in time: what is missing there',
    {
      work: { targetMs: start - 60_000 },
      roles: {
        'restic/restore': () => restored({ earliestMs: 1, latestMs: start }),
        'restic/replay': () => replayed({ reachedMs: start - 60_400 }),
        'restic/assert': () => asserted([result('a')], start - 60_700),
      },
    },
    700,
  ],
])('R-RPO-1: %s', async (_name, given, rpoMs) => {
  const found = await measured(given);

  expect(found.rpoMs).toBe(rpoMs);
});

test('R-RTO-1, R-RPO-1: a missed objective is said, and does not make the backup a bad one', async () => {
  const { ended } = await measured({
    plan: { objectives: { rtoMs: 60_000, rpoMs: 5_000 } },
    roles: { 'restic/assert': () => asserted([result('a')], start - 9_000) },
  });

  expect(ended.outcome).toBe('succeeded');
  const missed = 'RTO 1 min 12 s misses its objective of 1 min; RPO 10 s misses its objective of 5 s';
  expect(ended.reason).toContain(missed);
  expect(ended.alarms).toEqual({ objectives: missed });
});

test('R-RTO-1: a drill that failed has measured nothing', async () => {
  const { bed } = await playDrill({
    roles: { 'restic/assert': () => asserted([result('rows', { ok: false })]) },
  });

  expect(bed.payloads('backup.measured')).toEqual([]);
});
