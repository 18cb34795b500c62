import fc from 'fast-check';

import type { AnyJournalEntry } from '../../../workflows/domain/journal';
import type { Store } from '../../../platform/store/store';
import { backupFact } from './backup-entries';
import type { StoreBed } from './dialects';
import { redacted, taskRefused } from './entries';
import { dumpFolds } from './fold-tables';

export function backupsSuite(bed: StoreBed): void {
  test('a set is what the operation that made it, those that looked at it and the keeper say together', async () => {
    const { store } = await bed.newStore();
    await made(store, 'b1');
    await store.journal.append('run/b2', [
      backupFact('backup.level', { levels: ['V3', 'V4'], atMs: 9_000, readPercent: 0 }),
    ]);
    await store.journal.append('run/k1', [
      backupFact('backup.kept'),
      backupFact('backup.held'),
      backupFact('backup.pinned'),
      backupFact('backup.expiring'),
    ]);

    expect(await store.backups.findSet('b1')).toEqual({
      id: 'b1',
      setId: 'snap-1',
      plan: 'shop',
      service: 'shop',
      group: 'shop',
      atMs: 1_000,
      endedAtMs: 1_500,
      kind: 'full',
      parent: '',
      sizeBytes: 100,
      storedBytes: 10,
      digest: 'sha256:1',
      versions: { tool: '0.16', server: '' },
      repository: '/srv/backup',
      late: false,
      owned: true,
      levels: { V0: 1_600, V1: 1_600, V3: 9_000, V4: 9_000 },
      readPercent: 10,
      broken: '',
      failedTests: [],
      holds: [{ name: 'audit', kind: 'legal', untilMs: null, by: 'engine', reason: 'audit 2026' }],
      pins: ['b9'],
      offsite: true,
      offsiteAt: { location: 'sftp:away', atMs: 1_700 },
      expiring: true,
      hasManifest: true,
      prunedAt: null,
    });
  });

  test('a date of a level never goes back, and the first reason for which a set is broken stands', async () => {
    const { store } = await bed.newStore();
    await made(store, 'b1');
    await store.journal.append('run/b3', [backupFact('backup.broken', { reason: 'later' }, 8_000)]);
    await store.journal.append('run/b2', [
      backupFact('backup.level', { levels: ['V1'], atMs: 1_200, readPercent: 100 }),
      backupFact('backup.broken', { reason: 'first' }, 7_000),
    ]);

    expect(await store.backups.findSet('b1')).toMatchObject({
      levels: { V1: 1_600 },
      readPercent: 10,
      broken: 'first',
    });
  });

  test('a hold that was released and a pin that was given up hold nothing, in whatever order that is told (R-BKP-9)', async () => {
    const { store } = await bed.newStore();
    await made(store, 'b1');
    await store.journal.append('run/k1', [
      backupFact('backup.released', {}, 5_000),
      backupFact('backup.held', {}, 4_000),
    ]);
    await store.journal.append('run/k1', [
      backupFact('backup.pinned', { pinned: false }, 5_000),
      backupFact('backup.pinned', {}, 4_000),
    ]);

    expect(await store.backups.findSet('b1')).toMatchObject({ holds: [], pins: [] });
  });

  test('a hold of a kind that nobody knows is one that two people lift (R-BKP-9)', async () => {
    const { store } = await bed.newStore();
    await made(store, 'b1');
    await store.journal.append('run/k1', [backupFact('backup.held', { kind: 'court' })]);

    expect((await store.backups.findSet('b1'))?.holds).toMatchObject([{ kind: 'legal' }]);
  });

  test('a set of which another process tells is not owned: nothing of it is ever deleted', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/b2', [backupFact('backup.set', { set: 'found' })]);

    expect(await store.backups.findSet('found')).toMatchObject({ owned: false });
  });

  test('tests that did not hold when a set was made stay with it (R-BKP-11)', async () => {
    const { store } = await bed.newStore();
    await made(store, 'b1', [backupFact('backup.success', { failed: ['it is empty'] })]);

    expect(await store.backups.findSet('b1')).toMatchObject({ failedTests: ['it is empty'], broken: '' });
  });

  test('sets() are the newest ones with all that they need and all that is held, pinned or expiring (R-BKP-8)', async () => {
    const { store } = await bed.newStore();
    for (let number = 1; number <= 9; number += 1) {
      const parent = number === 9 ? 'b1' : '';
      await made(store, `b${number}`, [], { atMs: number * 1_000, parent });
    }
    await made(store, 'bother', [], { plan: 'other', atMs: 99_000 });
    await store.journal.append('run/k1', [
      backupFact('backup.kept'),
      backupFact('backup.held', { set: 'b2' }),
      backupFact('backup.expiring', { sets: ['b3'] }),
      backupFact('backup.pinned', { sets: ['b4'] }),
      backupFact('backup.pinned', { sets: ['b5'] }, 1),
      backupFact('backup.pinned', { sets: ['b5'], pinned: false }, 2),
    ]);
    await store.journal.append('run/bforget', [backupFact('backup.pruned', { sets: ['b8'] })]);
    async function idsOf(filter: Omit<Parameters<Store['backups']['sets']>[0], 'plan'>): Promise<readonly string[]> {
      return (await store.backups.sets({ plan: 'shop', ...filter })).map(({ id }) => id);
    }

    expect(await idsOf({ limit: 1 })).toEqual(['b9', 'b4', 'b3', 'b2', 'b1']);
    expect(await idsOf({ limit: 2 })).toEqual(['b9', 'b7', 'b4', 'b3', 'b2', 'b1']);
    expect(await idsOf({ limit: 2, pruned: true })).toEqual(['b9', 'b8', 'b4', 'b3', 'b2', 'b1']);
    expect(await store.backups.findSet('b8')).toMatchObject({ prunedAt: 1_000, expiring: false });
  });

  test('a prune plan is replaced by the next, and an empty one is none (R-BKP-10)', async () => {
    const { store } = await bed.newStore();
    await made(store, 'b1');
    const pruning = async (): Promise<unknown> => (await store.backups.plan('shop'))?.pruning;
    await store.journal.append('run/k1', [backupFact('backup.kept'), backupFact('backup.expiring', {}, 2_000)]);
    const before = await pruning();

    await store.journal.append('run/k1', [
      backupFact('backup.expiring', { sets: [] }, 4_000),
      backupFact('backup.expiring', { sets: ['b7'] }, 3_000),
    ]);

    expect(before).toMatchObject({ sets: ['b1'], madeAt: 2_000, notBeforeMs: 2_000, notAfterMs: 3_000 });
    expect(await pruning()).toBeNull();
    expect(await store.backups.findSet('b1')).toMatchObject({ expiring: false });
  });

  test('plan() tells what its keeper goes by, whether it is paused, and which alarms are on since when (R-RPO-2)', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/k1', [
      backupFact('backup.kept', { version: '1.0.0' }, 1),
      backupFact('backup.kept', { version: '1.0.1' }, 2),
      backupFact('backup.state', {}, 3),
      backupFact('backup.alarm', {}, 4),
      backupFact('backup.alarm', { text: 'no good backup for 27 h' }, 5),
      backupFact('backup.alarm', { alarm: 'space' }, 6),
      backupFact('backup.alarm', { alarm: 'space', active: false }, 7),
    ]);

    expect(await store.backups.plans()).toEqual([await store.backups.plan('shop')]);
    expect(await store.backups.plan('shop')).toEqual({
      id: 'k1',
      name: 'shop',
      version: '1.0.1',
      service: 'shop',
      provider: 'restic',
      scope: { service: ['shop'] },
      inForce: {},
      keptAt: 2,
      paused: { reason: 'we move', by: 'engine', at: 3 },
      alarms: [{ alarm: 'rpo', text: 'no good backup for 27 h', since: 4 }],
      pruning: null,
    });
    expect(await store.backups.plan('none')).toBeNull();
  });

  test('operations() are listed newest first by plan, kind and openness, and told how they ended', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/b1', [backupFact('backup.opened', {}, 1), backupFact('backup.ended', {}, 5)]);
    await store.journal.append('run/b2', [
      backupFact('backup.opened', { kind: 'drill' }, 2),
      backupFact('backup.measured'),
      backupFact('backup.verdict', { verdict: 'FAIL', at: 'assert:rows', set: 'b1' }),
      backupFact('backup.ended', { kind: 'drill', outcome: 'FAIL', reason: 'rows are missing' }, 6),
    ]);
    await store.journal.append('run/b3', [
      backupFact('backup.opened', { plan: 'other' }, 3),
      backupFact('backup.state'),
    ]);
    async function listed(filter: Omit<Parameters<Store['backups']['operations']>[0], 'limit'>) {
      return (await store.backups.operations({ limit: 10, ...filter })).map(({ id }) => id);
    }

    expect(await listed({})).toEqual(['b3', 'b2', 'b1']);
    expect(await listed({ plan: 'shop' })).toEqual(['b2', 'b1']);
    expect(await listed({ kind: 'drill' })).toEqual(['b2']);
    expect(await listed({ except: 'drill' })).toEqual(['b3', 'b1']);
    expect(await listed({ open: true })).toEqual(['b3']);
    expect(await listed({ before: 3 })).toEqual(['b2', 'b1']);
    expect((await store.backups.endedAmong(['b1', 'b3', 'bx'])).map(({ id }) => id)).toEqual(['b1']);
    expect(await store.backups.findOperation('b')).toBeNull();
    expect(await store.backups.findOperation('b2')).toMatchObject({
      kind: 'drill',
      outcome: 'FAIL',
      reason: 'rows are missing',
      set: 'b1',
      verdict: { verdict: 'FAIL', at: 'assert:rows' },
      measured: { rtoMs: 60_000, rpoMs: 1_000 },
      openedAt: 2,
      endedAt: 6,
    });
  });

  test('manifest() reads what the operation that made the set has noted apart from the backup (R-DRILL-4)', async () => {
    const { store } = await bed.newStore();
    await made(store, 'b1');

    expect(await store.backups.manifest('b1')).toEqual({ tree: 't1' });
    expect(await store.backups.manifest('b2')).toBeNull();
  });

  test('an operation is no run and no change, and an answer after its end is a fact of the installation (D4)', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/b1', [backupFact('backup.opened'), taskRefused('a1'), backupFact('backup.ended')]);

    await store.journal.append('run/b1', [taskRefused('a2')]);

    expect(await store.views.runs({ limit: 10 })).toEqual([]);
    expect(await store.changes.list({ limit: 10 })).toEqual([]);
    expect((await store.journal.read('run/b1')).map(({ kind }) => kind)).toHaveLength(3);
    expect((await store.journal.read('system')).map(({ key }) => key)).toEqual(['run/b1/task.refused/a2']);
  });

  test('redact() of what says that a set was made takes it out of the table too', async () => {
    const { store } = await bed.newStore();
    await made(store, 'b1');
    const [first] = await store.journal.read('run/b1', { kinds: ['backup.set'] });

    await store.journal.redact('run/b1', first?.seq ?? 0, redacted);

    expect(await store.backups.findSet('b1')).toBeNull();
  });

  test('rebuildFolds() gives byte-equal tables, however the entries were cut and the streams were mixed (D4)', async () => {
    const { store, database } = await bed.newStore();
    let worlds = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyFact, { minLength: 1, maxLength: 25 }), async (told) => {
        worlds += 1;
        const facts = [...new Map(told.map((fact) => [`${fact.stream} ${fact.entry.key}`, fact])).values()];
        const streams = [...new Set(facts.map(({ stream }) => stream))];
        const of = (world: string, stream: string): string => `run/${stream}${world}${worlds}`;
        for (const stream of streams.toReversed())
          await store.journal.append(
            of('whole', stream),
            facts.filter((fact) => fact.stream === stream).map(({ entry }) => entry),
          );
        const whole = await setsNow(store);
        for (const { stream, entry } of facts) await store.journal.append(of('parts', stream), [entry]);
        const written = await dumpFolds(database);

        await store.journal.rebuildFolds();

        expect(await dumpFolds(database)).toBe(written);
        expect(await setsNow(store)).toEqual(whole);
      }),
      { numRuns: 15 },
    );
  }, 60_000);
}

async function setsNow(store: Store): Promise<unknown> {
  const sets = await store.backups.sets({ plan: 'shop', limit: 100, pruned: true });
  return sets.map(({ levels, broken, prunedAt }) => ({ levels, broken, prunedAt }));
}

/** A set that succeeded and has a copy elsewhere; `more` comes in its stream after all else. */
async function made(
  store: Store,
  set: string,
  more: readonly AnyJournalEntry[] = [],
  fact: { readonly atMs?: number; readonly parent?: string; readonly plan?: string } = {},
): Promise<void> {
  await store.journal.append(`run/${set}`, [
    backupFact('backup.set', { set, ...fact }),
    backupFact('backup.manifest', { set }),
    backupFact('backup.success', { set }),
    backupFact('backup.level', { set }),
    backupFact('backup.replicated', { set }),
    ...more,
  ]);
}

const anyFact = fc
  .record({
    stream: fc.constantFrom('k1', 'b1', 'b2'),
    fact: fc.constantFrom<(at: number) => AnyJournalEntry>(
      (at) => backupFact('backup.kept', {}, at),
      (at) => backupFact('backup.opened', {}, at),
      (at) => backupFact('backup.state', {}, at),
      (at) => backupFact('backup.set', {}, at),
      (at) => backupFact('backup.manifest', {}, at),
      (at) => backupFact('backup.success', {}, at),
      (at) => backupFact('backup.level', {}, at),
      (at) => backupFact('backup.replicated', {}, at),
      (at) => backupFact('backup.broken', {}, at),
      (at) => backupFact('backup.pinned', {}, at),
      (at) => backupFact('backup.expiring', {}, at),
      (at) => backupFact('backup.pruned', {}, at),
      (at) => backupFact('backup.held', {}, at),
      (at) => backupFact('backup.released', {}, at),
      (at) => backupFact('backup.alarm', {}, at),
      (at) => backupFact('backup.measured', {}, at),
      (at) => backupFact('backup.verdict', {}, at),
      (at) => backupFact('backup.ended', {}, at),
    ),
    at: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ stream, fact, at }) => ({ stream, entry: fact(at) }));
