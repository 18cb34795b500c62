import type { BackupAction, KnownSet, OperationKind } from '../../../workflows/backup/messages';
import { knownSet, planInForce, start } from './bed';
import { dayMs, hourMs, KeeperBed } from './keeper-bed';
import type { KeeperBedOptions } from './keeper-bed';

const noWatch = { watch: { ...planInForce().watch, everyMs: 1_000 * dayMs } };

function aged(days: number, over: Partial<KnownSet> = {}): KnownSet {
  const atMs = start - days * dayMs;
  return knownSet({ id: `bage${days}`, setId: `tool-${days}`, atMs, levels: { V0: atMs, V1: atMs }, ...over });
}

const four = [aged(1), aged(2), aged(3), aged(4)];

function bedOf({ plan = {}, ...options }: KeeperBedOptions = {}): KeeperBed {
  return new KeeperBed({ sets: four, keepLast: 2, ...options, plan: { ...noWatch, ...plan } });
}

function forgotten(bed: KeeperBed): readonly (readonly [number, readonly string[]])[] {
  return bed
    .launchedOf('forget')
    .map(({ at, operation: { work } }) => [(at - start) / hourMs, work.kind === 'forget' ? work.sets : []] as const);
}

describe('a prune plan', () => {
  test('is shown with its reasons, left alone for a day, and then carried out (R-BKP-10)', async () => {
    const bed = bedOf();
    const id = bed.act(start, { action: 'forget' });

    await bed.play(2 * dayMs);

    expect(bed.replies.get(id)).toEqual({
      accepted: true,
      operation: null,
      warnings: ['2 will be deleted in 1 d: bage3, bage4'],
    });
    expect(bed.payloads('backup.expiring')[0]).toMatchObject({
      sets: ['bage3', 'bage4'],
      notBeforeMs: start + dayMs,
      notAfterMs: start + 2 * dayMs,
      explained: [{ set: 'bage1', keep: true }, { set: 'bage2' }, { set: 'bage3', keep: false }, { set: 'bage4' }],
    });
    expect(forgotten(bed)).toEqual([[24, ['bage3', 'bage4']]]);
    expect(bed.sets.map(({ id: set }) => set)).toEqual(['bage1', 'bage2']);
  });

  test('is made after each backup, and planned again with the same result its grace does not begin again (R-BKP-10)', async () => {
    const bed = bedOf({ sets: [aged(1)] });
    const run = bed.act(start, { action: 'run', backup: null });
    bed.act(start + hourMs, { action: 'run', backup: null });
    const forget = bed.act(start + 2 * hourMs, { action: 'forget' });

    await bed.play(3 * hourMs);

    expect(bed.replies.get(run)).toMatchObject({ accepted: true });
    expect(bed.payloads('backup.expiring').map(({ sets }) => sets)).toEqual([['bage1']]);
    expect(bed.replies.get(forget)).toMatchObject({
      accepted: true,
      warnings: ['1 will be deleted in 23 h 10 min: bage1'],
    });
  });

  test('of nothing is no plan', async () => {
    const bed = bedOf({ keepLast: 9 });
    const id = bed.act(start, { action: 'forget' });

    await bed.play(3 * dayMs);

    expect(bed.replies.get(id)).toEqual({ accepted: true, operation: null, warnings: ['nothing is due'] });
    expect(bed.payloads('backup.expiring')).toEqual([]);
    expect(bed.launched).toEqual([]);
  });

  test('is refused where nothing is ever deleted (R-BKP-3)', async () => {
    const bed = bedOf({ plan: { prunes: false } });
    bed.act(start, { action: 'run', backup: null });
    const id = bed.act(start + hourMs, { action: 'forget' });

    await bed.play(3 * dayMs);

    expect(bed.replies.get(id)).toMatchObject({ accepted: false, code: 'RETENTION_EMPTY' });
    expect(bed.launchedOf('forget')).toEqual([]);
  });

  test('that nobody could carry out for a day is made anew (R-BKP-10)', async () => {
    const bed = bedOf();
    bed.act(start, { action: 'forget' });
    bed.down(start + 20 * hourMs, 30 * hourMs);

    await bed.play(4 * dayMs);

    const shown = bed.payloads('backup.expiring').filter(({ sets }) => sets.length > 0);
    expect(shown.map(({ notBeforeMs }) => (notBeforeMs - start) / hourMs)).toEqual([24, 74]);
    expect(forgotten(bed)).toEqual([[74, ['bage3', 'bage4']]]);
  });

  test('waits for a backup that is under way, and deletes nothing after its time (R-BKP-10)', async () => {
    const bed = bedOf({ course: (_operation, count) => (count === 1 ? { takesMs: 30 * hourMs } : {}) });
    bed.act(start, { action: 'forget' });
    bed.act(start + 20 * hourMs, { action: 'run', backup: null });

    await bed.play(4 * dayMs);

    expect(forgotten(bed)).toEqual([[72, ['bage3', 'bage4']]]);
  });

  test('does not keep backups waiting for a restore that people think about', async () => {
    const bed = bedOf({
      course: ({ work }) => (work.kind === 'restore' ? { takesMs: 40 * hourMs } : {}),
    });
    bed.act(start, { action: 'forget' });
    bed.act(start + hourMs, { action: 'restore', set: 'bage1', targetMs: 0, over: false, reason: 'look' });
    bed.act(start + 25 * hourMs, { action: 'run', backup: null });

    await bed.play(2 * dayMs);

    expect(bed.launchedOf('backup').map(({ at }) => (at - start) / hourMs)).toEqual([25]);
    expect(forgotten(bed)).toEqual([[41, ['bage3', 'bage4']]]);
  });
});

const hold = { name: 'audit', kind: 'legal', untilMs: null, reason: 'x' } as const;

test.each<BackupAction>([
  { action: 'hold', set: 'bage4', hold },
  { action: 'verify', set: 'bage4', level: 'V1', readPercent: 5 },
  { action: 'restore', set: 'bage4', targetMs: 0, over: false, reason: 'x' },
  { action: 'drill', set: 'bage4', seed: 1, targetMs: 0 },
])('$action with what is being deleted is refused', async (action) => {
  const bed = bedOf();
  const id = bed.act(start + dayMs + 1_000, action);

  await bed.play(2 * dayMs);

  expect(bed.replies.get(id)).toMatchObject({ accepted: false, code: 'SET_GOING' });
});

test('a retention that was published anew is looked at without waiting for a backup, after the old plan', async () => {
  const bed = bedOf({ keepLast: 3 });
  bed.publish(start + hourMs, planInForce({ ...noWatch, digest: 'd2', prunes: false }));

  await bed.play(3 * dayMs);

  expect(bed.payloads('backup.expiring').map(({ sets }) => sets)).toEqual([['bage4'], []]);
  expect(bed.launched).toEqual([]);
});

describe('what is taken off a prune plan', () => {
  test('a hold that comes during the grace wins (R-BKP-9)', async () => {
    const bed = bedOf();
    bed.act(start, { action: 'forget' });
    const hold = { name: 'audit', kind: 'legal', untilMs: null, reason: 'audit 2026' } as const;
    const id = bed.act(start + 23 * hourMs, { action: 'hold', set: 'bage4', hold });

    await bed.play(3 * dayMs);

    expect(bed.replies.get(id)).toMatchObject({ accepted: true });
    expect(forgotten(bed)).toEqual([[24, ['bage3']]]);
    expect(bed.sets.map(({ id: set }) => set)).toEqual(['bage1', 'bage2', 'bage4']);
    expect(bed.payloads('backup.expiring').map(({ sets }) => sets)).toEqual([['bage3', 'bage4'], ['bage3'], []]);
  });

  test('a hold that comes while the deletion waits for its turn wins too, and nothing is said to go any more (R-BKP-9)', async () => {
    const bed = bedOf({ keepLast: 3, course: (_operation, count) => (count === 1 ? { takesMs: 2 * hourMs } : {}) });
    bed.act(start, { action: 'forget' });
    bed.act(start + 23.5 * hourMs, { action: 'run', backup: null });
    const hold = { name: 'audit', kind: 'legal', untilMs: null, reason: 'audit 2026' } as const;
    bed.act(start + 24.5 * hourMs, { action: 'hold', set: 'bage3', hold });
    const id = bed.act(start + 24.5 * hourMs, { action: 'hold', set: 'bage4', hold });

    await bed.play(26 * hourMs);

    expect(bed.replies.get(id)).toMatchObject({ accepted: true });
    expect(bed.launchedOf('forget')).toHaveLength(1);
    expect(bed.sets).toHaveLength(5);
    expect(bed.payloads('backup.expiring').map(({ sets }) => sets)).toEqual([['bage4'], []]);
    expect(bed.sets.filter(({ expiring }) => expiring)).toEqual([]);
  });

  test('a hold on what needs it keeps the whole chain (R-BKP-8)', async () => {
    const chain = [aged(1), aged(2), aged(3, { kind: 'incremental', parent: 'bage4' }), aged(4)];
    const bed = bedOf({ sets: chain });
    bed.act(start, { action: 'forget' });
    const hold = { name: 'audit', kind: 'plain', untilMs: null, reason: 'x' } as const;
    bed.act(start + 23 * hourMs, { action: 'hold', set: 'bage3', hold });

    await bed.play(3 * dayMs);

    expect(bed.launchedOf('forget')).toEqual([]);
    expect(bed.payloads('backup.expiring').map(({ sets }) => sets)).toEqual([['bage3', 'bage4'], []]);
  });

  test('a restore that works with it (R-BKP-8)', async () => {
    const bed = bedOf({ course: ({ work }) => (work.kind === 'restore' ? { takesMs: 3 * dayMs } : {}) });
    bed.act(start, { action: 'forget' });
    bed.act(start + hourMs, { action: 'restore', set: 'bage4', targetMs: 0, over: false, reason: 'look' });

    await bed.play(2 * dayMs);

    const [{ operation: restore } = { operation: null }] = bed.launchedOf('restore');
    expect(bed.sets.flatMap(({ id, pins }) => pins.map((by) => [id, by]))).toEqual([['bage4', restore?.operation.id]]);
    expect(bed.payloads('backup.expiring').map(({ sets }) => sets)).toEqual([['bage3', 'bage4'], ['bage3']]);
    expect(bed.launchedOf('forget')).toEqual([]);
  });

  test.each<readonly [OperationKind, BackupAction]>([
    ['restore', { action: 'restore', set: 'bage3', targetMs: 0, over: false, reason: 'lost rows' }],
    ['drill', { action: 'drill', set: 'bage3', seed: 1, targetMs: 0 }],
    ['verify', { action: 'verify', set: 'bage3', level: 'V1', readPercent: 5 }],
  ])(
    'a %s that waits behind the deletion has what it names, and what that needs, for itself (R-BKP-8)',
    async (kind, action) => {
      const sets = [aged(1), aged(2), aged(3, { kind: 'incremental', parent: 'bage4' }), aged(4), aged(5)];
      const bed = bedOf({ sets, course: ({ work }) => (work.kind === 'backup' ? { takesMs: 2 * hourMs } : {}) });
      bed.act(start, { action: 'forget' });
      bed.act(start + 23.5 * hourMs, { action: 'run', backup: null });
      bed.act(start + 24.5 * hourMs, action);

      await bed.play(25.9 * hourMs);

      const [{ endedAt } = { endedAt: null }] = bed.launchedOf('forget');
      expect(bed.launchedOf(kind).map(({ at }) => at)).toEqual([endedAt]);
      expect(bed.sets.map(({ id }) => id)).toEqual(expect.arrayContaining(['bage3', 'bage4']));
      expect(bed.sets.map(({ id }) => id)).not.toContain('bage5');
      expect(bed.sets.flatMap(({ pins }) => pins)).toEqual([]);
    },
  );

  test('nothing, by a drill, which does not choose what is to go', async () => {
    const bed = bedOf();
    bed.act(start, { action: 'forget' });
    bed.act(start + 23.9 * hourMs, { action: 'drill', set: null, seed: 3, targetMs: 0 });

    await bed.play(2 * dayMs);

    const pins = bed.payloads('backup.pinned');
    expect(pins.map(({ sets, pinned }) => [sets, pinned])).toEqual([
      [['bage1', 'bage2'], true],
      [['bage1', 'bage2'], false],
    ]);
    const end = bed.launchedOf('drill')[0]?.endedAt ?? 0;
    expect(bed.launchedOf('forget').map(({ at }) => at)).toEqual([end]);
    expect(bed.sets.map(({ pins: left }) => left)).toEqual([[], []]);
  });
});
