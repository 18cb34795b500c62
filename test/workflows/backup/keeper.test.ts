import { mayRunBeside } from '../../../workflows/backup/keeper-queue';
import type { BackupAction } from '../../../workflows/backup/messages';
import { knownSet, planInForce, start } from './bed';
import { dayMs, hourMs, KeeperBed } from './keeper-bed';
import type { Course, KeeperBedOptions, Rhythm } from './keeper-bed';

const nightly: Rhythm = { run: 'nightly', firstMs: hourMs, everyMs: dayMs };
const weekly: Rhythm = { run: 'drill', firstMs: 5 * hourMs, everyMs: 7 * dayMs };
const drilled = { drill: { ...planOf().drill, scheduled: true } };
const noWatch = { watch: { ...planInForce().watch, everyMs: 1_000 * dayMs } };

function planOf(): { readonly drill: NonNullable<ReturnType<typeof planInForce>['drill']> } {
  const { drill } = planInForce();
  if (drill === null) throw new Error('Cannot drill: the plan of the bed has no policy');
  return { drill };
}

function bedOf({ plan = {}, ...options }: KeeperBedOptions = {}): KeeperBed {
  return new KeeperBed({ ...options, plan: { ...noWatch, ...plan } });
}

describe('a keeper', () => {
  test('starts every slot of a year once, and nothing that may not run beside another', async () => {
    const watch = { ...planInForce().watch, everyMs: 6 * hourMs };
    const bed = new KeeperBed({ rhythms: [nightly, weekly], plan: { ...drilled, watch }, keepLast: 14 });

    await bed.play(365 * dayMs);

    expect(bed.launchedOf('backup')).toHaveLength(365);
    expect(bed.launchedOf('drill')).toHaveLength(53);
    expect(new Set(bed.launchedOf('backup').map(({ at }) => at)).size).toBe(365);
    expect(bed.launched.length).toBeGreaterThan(2_000);
    expect(bed.sets.length).toBeLessThanOrEqual(18);
    expect(bed.sets.length).toBeGreaterThanOrEqual(14);
    expect(bed.payloads('backup.missed')).toEqual([]);
    expectInOrder(bed);
  }, 60_000);

  test('hands on the plan, who asked, and itself as the one to be told', async () => {
    const bed = await bedOf({ rhythms: [nightly] }).play(2 * hourMs);

    const operation = bed.launched[0]?.operation;
    expect(operation?.operation.id).toMatch(/^b.{12}$/);
    expect(operation).toMatchObject({
      operation: { parent: 'k00000000001', requester: 'engine', number: 0 },
      plan: { name: 'shop-db' },
      work: { kind: 'backup', backup: 'nightly', wanted: 'full', slotMs: start + hourMs, late: false },
    });
    expect(bed.payloads('backup.kept')).toHaveLength(1);
  });

  test('finds out by itself about an end that nobody told, within five minutes', async () => {
    const bed = bedOf({ course: () => ({ takesMs: 601_000, lost: true }) });
    bed.act(start, { action: 'run', backup: null });

    await bed.play(hourMs);

    expect(bed.state.running).toEqual([]);
    expect(bed.state.recheckMs).toBeNull();
  });

  test('finds out at once when it is told that something is not as it was', async () => {
    const bed = bedOf({ course: () => ({ takesMs: 60_000, lost: true }) });
    bed.act(start, { action: 'run', backup: null });
    bed.publish(start + 61_000, bed.plan);

    await bed.play(62_000);

    expect(bed.state.running).toEqual([]);
  });

  test('deep verification takes the newest good set', async () => {
    const rhythm: Rhythm = { run: 'verify', firstMs: hourMs, everyMs: 7 * dayMs };
    const bed = bedOf({
      rhythms: [rhythm],
      plan: { deepVerify: { missed: 'skip' } },
      sets: [knownSet(), knownSet({ id: 'bset2', atMs: start - hourMs, broken: 'V1: x' })],
    });

    await bed.play(dayMs);

    expect(bed.launched[0]?.operation.work).toMatchObject({
      kind: 'verify',
      set: 'bset1',
      level: 'V2',
      readPercent: 100,
    });
  });

  test('whose plan is not published any more starts nothing, and goes on when it is again', async () => {
    const bed = bedOf({ rhythms: [nightly] });
    bed.publish(start + 2 * dayMs, null);
    bed.publish(start + 5 * dayMs, planInForce({ ...noWatch, digest: 'd2', version: '2.0.0' }));

    await bed.play(7 * dayMs);

    expect(bed.launched.map(({ at }) => Math.floor((at - start) / dayMs))).toEqual([0, 1, 5, 6]);
    expect(bed.payloads('backup.kept').map(({ version }) => version)).toEqual(['1.0.0', '2.0.0']);
    expect(bed.payloads('backup.missed')).toEqual([]);
  });

  test('whose plan is not published any more gives what waits for its turn an end, and the pins back', async () => {
    const bed = bedOf({
      sets: [knownSet()],
      course: ({ work }) => (work.kind === 'backup' ? { takesMs: 2 * hourMs } : {}),
    });
    bed.act(start, { action: 'run', backup: null });
    const waiting = bed.act(start + 1_000, { action: 'run', backup: null });
    bed.act(start + 2_000, { action: 'verify', set: 'bset1', level: 'V1', readPercent: 5 });
    bed.publish(start + hourMs, null);

    await bed.play(3 * hourMs);

    const calledOff = bed.launched.map(({ operation }) => operation.calledOff);
    const why = 'the backup plan is not published any more';
    expect(calledOff).toEqual([undefined, why, why]);
    const reply = bed.replies.get(waiting);
    expect(bed.ended.get(reply?.accepted === true ? (reply.operation ?? '') : '')).toMatchObject({
      outcome: 'cancelled',
      reason: why,
    });
    expect(bed.state).toMatchObject({ queue: [], running: [], published: false, recheckMs: null });
    expect(bed.sets.flatMap(({ pins }) => pins)).toEqual([]);
  });

  test('goes by the schedule that was published last, from then on', async () => {
    const bed = bedOf({ rhythms: [nightly] });
    bed.publish(start + 12 * hourMs, planInForce({ ...noWatch, digest: 'd2' }), [{ ...nightly, firstMs: 10 * hourMs }]);

    await bed.play(2 * dayMs);

    expect(bed.launched.map(({ at }) => (at - start) / hourMs)).toEqual([1, 34]);
  });
});

test('a plan that cannot be compiled any more stays in force as it was, and its owner is told', async () => {
  const bed = bedOf({ rhythms: [nightly] });
  bed.breakPlan(start + 2 * hourMs, 'Cannot find runbook "backup/restic/verify"');
  bed.publish(start + 50 * hourMs, planInForce({ ...noWatch, digest: 'd2' }));

  await bed.play(3 * dayMs);

  expect(bed.launched).toHaveLength(3);
  expect(bed.entries('backup.alarm').map(({ at, payload }) => [(at - start) / hourMs, payload.alarm])).toEqual([
    [2, 'plan'],
    [50, 'plan'],
  ]);
  expect(bed.payloads('task.opened')[0]?.title).toContain('backup/restic/verify');
});

describe('a keeper that was lost and is started anew', () => {
  test('writes, asks and starts nothing under a name that was given before', async () => {
    const course = (): Course => ({ outcome: 'failed' });
    const [before, after] = await Promise.all(
      [start, start - 1].map((createdAt) => bedOf({ rhythms: [nightly], course, createdAt }).play(dayMs)),
    );

    const namesOf = (bed: KeeperBed | undefined): readonly string[] => [
      ...(bed?.journal.map(({ key }) => key) ?? []),
      ...(bed?.launched.map(({ operation }) => operation.operation.id) ?? []),
    ];
    // A fact, a task, an operation.
    expect(namesOf(after)).toHaveLength(3);
    expect(namesOf(before).filter((name) => namesOf(after).includes(name))).toEqual([]);
  });

  test('gives up pins of operations that have ended, and leaves the others (R-BKP-8)', async () => {
    const bed = bedOf({ sets: [knownSet({ pins: ['b1', 'b2'] })] });
    bed.ended.set('b1', { operation: 'b1', kind: 'drill', outcome: 'PASS', reason: '', set: null, endedAt: start });

    await bed.play(hourMs);

    expect(bed.sets[0]?.pins).toEqual(['b2']);
  });

  test('gives up pins of what waited for its turn and was never begun (R-BKP-8)', async () => {
    const bed = bedOf({ sets: [knownSet({ pins: ['queue/b1', 'b2'] })] });

    await bed.play(hourMs);

    expect(bed.sets[0]?.pins).toEqual(['b2']);
  });
});

describe('a slot that passed while the engine was down (R-TIME-7)', () => {
  test.each([
    ['skip', [], 3],
    ['run-once-late', [25 + 48], 2],
    ['run-all', [25, 25 + 24, 25 + 48], 0],
  ] as const)('with %s', async (missed, late, left) => {
    const backups = [{ id: 'nightly', kind: 'full', scheduled: true, missed } as const];
    const bed = bedOf({ rhythms: [nightly], plan: { backups } });
    bed.down(start + 24 * hourMs, 3 * dayMs);

    await bed.play(5 * dayMs);

    const flagged = bed.launched.flatMap(({ operation: { work } }) =>
      work.kind === 'backup' && work.late ? [((work.slotMs ?? 0) - start) / hourMs] : [],
    );
    expect(flagged).toEqual(late);
    expect(bed.payloads('backup.missed').filter(({ taken }) => taken)).toHaveLength(late.length);
    expect(bed.payloads('backup.missed').filter(({ taken }) => !taken)).toHaveLength(left);
    expect(bed.launched.length).toBe(2 + late.length);
    expectInOrder(bed);
  });

  test('is not made up for twice when the engine goes down again', async () => {
    const bed = bedOf({ rhythms: [nightly] });
    bed.down(start + 30 * hourMs, 2 * dayMs);
    bed.down(start + 30 * hourMs + 2 * dayMs + 1_000, dayMs);

    await bed.play(6 * dayMs);

    const slots = bed.launched.map(({ operation: { work } }) => (work.kind === 'backup' ? work.slotMs : null));
    expect(new Set(slots).size).toBe(slots.length);
  });

  test('that comes while the one before still waits for its turn is left out', async () => {
    const hourly: Rhythm = { run: 'nightly', firstMs: hourMs, everyMs: hourMs };
    const bed = bedOf({
      rhythms: [hourly],
      course: (_operation, count) => (count === 1 ? { takesMs: 5.5 * hourMs } : {}),
    });

    await bed.play(8.5 * hourMs);

    expect(bed.payloads('backup.missed').map(({ policy, taken }) => [policy, taken])).toEqual(
      Array.from({ length: 4 }, () => ['waiting', false]),
    );
    expect(bed.launched).toHaveLength(4);
  });
});

describe('a slot of a plan that is published anew (R-TIME-7)', () => {
  const anew = planInForce({ ...noWatch, digest: 'd2' });

  test('begins when it is due at that very moment', async () => {
    const bed = bedOf({ rhythms: [nightly] });
    bed.down(start + 24 * hourMs, hourMs + 5_000);
    bed.publish(start + 25 * hourMs, anew);

    await bed.play(2 * dayMs);

    expect(bed.launched.map(({ at }) => at - start)).toEqual([hourMs, 25 * hourMs + 5_000]);
    expect(bed.payloads('backup.missed')).toEqual([]);
  });

  test('is dealt with by its policy when it passed while the engine was down', async () => {
    const bed = bedOf({ rhythms: [nightly] });
    bed.down(start + 24 * hourMs, 3 * dayMs);
    bed.publish(start + 24.5 * hourMs, anew);

    await bed.play(4 * dayMs + hourMs / 2);

    expect(bed.payloads('backup.missed').map(({ atMs, taken }) => [(atMs - start) / hourMs, taken])).toEqual([
      [49, false],
      [25, false],
      [73, true],
    ]);
  });
});

describe('the risk of data loss (R-RPO-2)', () => {
  const objectives = { rpoMs: 26 * hourMs, rtoMs: null };

  test('is an alarm once the newest good backup is too old, and none after the next', async () => {
    const bed = bedOf({ plan: { objectives }, sets: [knownSet({ atMs: start - 2 * hourMs })] });
    bed.act(start + 30 * hourMs, { action: 'run', backup: null });

    await bed.play(40 * hourMs);

    expect(bed.entries('backup.alarm').map(({ at, payload }) => [at - start, payload.alarm, payload.active])).toEqual([
      [24 * hourMs + 1, 'rpo', true],
      [30 * hourMs + 600_000, 'rpo', false],
    ]);
    expect(bed.openTasks).toEqual([]);
    expect(bed.payloads('task.closed').map(({ reason }) => reason)).toEqual(['withdrawn']);
  });

  test('goes by what is offsite where there is another repository', async () => {
    const { repositories } = planInForce();
    const offsite = { location: '/offsite', password: null };
    const bed = bedOf({ plan: { objectives, repositories: { ...repositories, offsite } }, sets: [knownSet()] });

    await bed.play(hourMs);

    expect(bed.payloads('backup.alarm')).toMatchObject([{ alarm: 'rpo', active: true }]);
    expect(bed.openTasks[0]).toContain('no verified backup offsite');
  });

  test('is asked about once, however long it lasts, and a task that was answered stays closed', async () => {
    const bed = bedOf({
      rhythms: [{ run: 'drill', firstMs: hourMs, everyMs: hourMs }],
      plan: { objectives },
      course: () => ({ outcome: 'blocked', alarms: { space: 'full' } }),
      answers: [{ task: 'alarm', by: 'team/web', choose: 'acknowledge', after: '2h' }],
    });

    await bed.play(2 * dayMs);

    expect(bed.payloads('task.opened').filter(({ path }) => path === 'alarm/rpo')).toHaveLength(1);
  });
});

describe('alarms of operations', () => {
  const hourly = { watch: { ...planInForce().watch, everyMs: hourMs } };

  test('are on until a look that succeeds does not find them', async () => {
    const bed = new KeeperBed({
      plan: hourly,
      course: (_operation, count) => {
        if (count === 1) return { alarms: { space: '10 bytes' } };
        if (count === 2) return { alarms: { space: '9 bytes', clock: 'behind' } };
        return count === 3 ? { outcome: 'blocked', alarms: { preflight: 'no login' } } : {};
      },
    });

    await bed.play(4.5 * hourMs);

    expect(bed.payloads('backup.alarm').map(({ alarm, active }) => `${alarm} ${active}`)).toEqual([
      'space true',
      'clock true',
      'preflight true',
      'space false',
      'clock false',
      'preflight false',
    ]);
    expect(bed.openTasks).toEqual([]);
  });

  test('that a backup does not look for stay on after it', async () => {
    const bed = new KeeperBed({
      plan: hourly,
      course: (_operation, count) => (count === 1 ? { alarms: { places: 'left' } } : {}),
    });
    bed.act(start + 1.5 * hourMs, { action: 'run', backup: null });

    await bed.play(1.9 * hourMs);

    expect(Object.keys(bed.state.alarms)).toEqual(['places']);
  });

  test('of drills that are too long ago come by time alone', async () => {
    const drill = { ...planOf().drill, maxAgeMs: 10 * dayMs };
    const drills = [{ operation: 'b1', verdict: 'PASS', endedAt: start - dayMs, rtoMs: null, rpoMs: null }];
    const bed = await bedOf({ plan: { drill }, drills }).play(20 * dayMs);

    expect(bed.entries('backup.alarm').map(({ at, payload }) => [at - start, payload.alarm])).toEqual([
      [9 * dayMs + 1, 'drill-age'],
    ]);
  });
});

describe('an operation that went wrong', () => {
  test.each([
    ['FAIL', 'drill', 2],
    ['INVALID', 'drill', undefined],
    ['failed', 'backup', undefined],
    ['blocked', 'drill', undefined],
  ] as const)('with %s of a %s is told to the owner', async (outcome, kind, priority) => {
    const bed = bedOf({ course: () => ({ outcome, reason: 'row 7 is gone' }), sets: [knownSet()] });
    const action: BackupAction =
      kind === 'drill' ? { action: 'drill', set: null, seed: 1, targetMs: 0 } : { action: 'run', backup: null };
    bed.act(start, action);

    await bed.play(hourMs);

    expect(bed.payloads('task.opened')).toMatchObject([
      { kind: 'manual', candidates: ['team/web'], options: ['acknowledge'], ...(priority && { priority }) },
    ]);
    expect(bed.openTasks[0]).toContain('row 7 is gone');
  });

  test.each(['succeeded', 'cancelled'] as const)('is not one that %s', async (outcome) => {
    const bed = bedOf({ course: () => ({ outcome }) });
    bed.act(start, { action: 'run', backup: null });

    await bed.play(hourMs);

    expect(bed.payloads('task.opened')).toEqual([]);
  });

  test('is told of until somebody has taken note of it', async () => {
    const bed = bedOf({
      course: () => ({ outcome: 'failed', reason: 'x' }),
      answers: [{ task: 'manual', by: 'team/web', choose: 'acknowledge', after: '1h' }],
    });
    bed.act(start, { action: 'run', backup: null });

    await bed.play(dayMs);

    expect(bed.payloads('task.closed')).toMatchObject([{ choice: 'acknowledge', reason: 'answered' }]);
    expect(bed.state.tasks).toEqual({});
  });
});

/** No two that may not, at any time. */
function expectInOrder({ launched }: KeeperBed): void {
  for (const [index, one] of launched.entries())
    for (const other of launched.slice(index + 1)) {
      if (one.endedAt !== null && other.at >= one.endedAt) break;
      const kinds = [one.operation.work.kind, other.operation.work.kind] as const;
      expect([...kinds, mayRunBeside(...kinds)]).toEqual([...kinds, true]);
    }
}
