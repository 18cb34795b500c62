import { operationProcedure } from '../../../workflows/backup/operation';
import type { OperationEnd, OperationWork, PlanInForce } from '../../../workflows/backup/messages';
import { Bed, knownSet, operationInput, planInForce, start } from './bed';
import type { BedOptions } from './bed';
import { backupOutputs, healthyRoles, lock, minuteMs, preflightOutputs, tells } from './healthy-roles';
import type { Roles } from './healthy-roles';

const work: OperationWork = { kind: 'backup', backup: 'nightly', wanted: 'full', slotMs: start, late: false };
const id = 'b00000000001';

interface Played {
  readonly bed: Bed;
  readonly end: OperationEnd;
}

async function play(
  roles: Roles = {},
  { plan = {}, callOffAt, ...options }: Partial<BedOptions> & { plan?: Partial<PlanInForce>; callOffAt?: number } = {},
): Promise<Played> {
  const bed = new Bed({ sets: [knownSet()], ...options, roles: healthyRoles(roles) });
  if (callOffAt !== undefined) bed.callOffAt(callOffAt, 'the database is needed');
  const end = await bed.play(operationInput(work, planInForce(plan)), operationProcedure);
  return { bed, end };
}

const hooks: Partial<PlanInForce> = { quiesce: { before: 'freeze', after: 'thaw' } };
const offsite: Partial<PlanInForce> = {
  repositories: {
    primary: { location: '/backup/shop', password: 'vault:backup#shop' },
    offsite: { location: '/offsite/shop', password: null },
  },
};

describe('a backup', () => {
  test('goes from the preflight over the hooks to a verified set, and tells its keeper (R-BKP-11)', async () => {
    const { bed, end } = await play({}, { plan: hooks });

    expect(bed.names).toEqual(['restic/preflight', 'freeze', 'restic/backup', 'thaw', 'restic/verify']);
    expect(bed.called[2]?.inputs).toMatchObject({ kind: 'full', label: id, repository: '/backup/shop' });
    expect(bed.payloads('backup.set')).toEqual([
      {
        set: id,
        plan: 'shop-db',
        service: 'shop',
        group: '["shop","/srv/shop"]',
        toolId: 'tool-9',
        kind: 'full',
        parent: '',
        atMs: start + 2_000,
        endedAtMs: start + 3_000,
        sizeBytes: 1_000_000,
        storedBytes: 400_000,
        digest: 'sha256:9',
        versions: { tool: '0.14.0', server: '' },
        repository: '/backup/shop',
        late: false,
      },
    ]);
    expect(bed.payloads('backup.manifest')).toEqual([{ set: id, manifest: { counts: { orders: 12 } } }]);
    expect(bed.payloads('backup.success')).toEqual([{ set: id, failed: [] }]);
    expect(bed.payloads('backup.level')).toMatchObject([{ set: id, levels: ['V0', 'V1'], readPercent: 100 }]);
    expect(bed.payloads('backup.ended')).toMatchObject([{ kind: 'backup', outcome: 'succeeded', set: id }]);
    expect(end).toMatchObject({ operation: id, outcome: 'succeeded', set: id, alarms: {} });
    expect(bed.announced).toEqual([end]);
  });

  test.each([
    ['another exit code than 0', { exitCode: 3 }, 'exit code 3', []],
    ['no bytes', { sizeBytes: 0 }, 'it is empty', ['V0']],
    ['a size off its trend', { sizeBytes: 600_000 }, 'off the trend', ['V0']],
  ])('with %s is kept as one that failed, and is not at V1 (R-BKP-11)', async (_name, over, text, levels) => {
    const { bed, end } = await play({ 'restic/backup': tells({ ...backupOutputs, ...over }) });

    expect(end).toMatchObject({ outcome: 'failed', set: id });
    expect(end.reason).toContain(text);
    expect(bed.payloads('backup.success')[0]?.failed.join()).toContain(text);
    expect(bed.payloads('backup.level').flatMap((each) => each.levels)).toEqual(levels);
  });

  test('of which the tool names nothing leaves no set', async () => {
    const { bed, end } = await play({ 'restic/backup': tells({ ...backupOutputs, setId: '' }) });

    expect(end).toMatchObject({ outcome: 'failed', set: null });
    expect(bed.payloads('backup.set')).toEqual([]);
  });

  test('that a backup which failed came before is not measured by it (R-BKP-11)', async () => {
    const small = knownSet({ id: 'bset2', atMs: start - 1_000, sizeBytes: 10, levels: { V0: start - 1_000 } });

    const { end } = await play({}, { sets: [small, knownSet()] });

    expect(end.outcome).toBe('succeeded');
  });

  test('whose bytes are not intact is broken', async () => {
    const { bed, end } = await play({
      'restic/verify': tells({ intact: false, readPercent: 100, problems: ['pack 7 is damaged'] }),
    });

    expect(end).toMatchObject({ outcome: 'failed', set: id });
    expect(bed.payloads('backup.broken')).toEqual([{ set: id, reason: 'V1: pack 7 is damaged' }]);
  });

  test('that nobody could verify has failed and is not broken', async () => {
    const { bed, end } = await play({ 'restic/verify': () => ({ fails: 'no login' }) });

    expect(end.outcome).toBe('failed');
    expect(end.reason).toContain('no login');
    expect(bed.payloads('backup.broken')).toEqual([]);
  });

  test('needs the set that the tool names as its parent (R-BKP-8)', async () => {
    const { bed } = await play({
      'restic/backup': tells({ ...backupOutputs, kind: 'incremental', parent: 'tool-1' }),
    });

    expect(bed.payloads('backup.set')).toMatchObject([{ kind: 'incremental', parent: 'bset1' }]);
  });

  test('is copied offsite once it is good, and says so', async () => {
    const { bed, end } = await play({}, { plan: offsite });

    expect(bed.names.at(-1)).toBe('restic/copy');
    expect(bed.called.at(-1)?.inputs).toMatchObject({ offsite: '/offsite/shop', set: 'tool-9', label: id });
    expect(bed.payloads('backup.replicated')).toMatchObject([{ set: id, location: '/offsite/shop' }]);
    expect(end).toMatchObject({ outcome: 'succeeded', alarms: {} });
  });

  test.each([
    ['is not intact', tells({ setId: 'x', intact: false, problems: ['short'] })],
    ['could not be made', () => ({ fails: 'no route' })],
  ])('whose copy %s is good here and raises an alarm', async (_name, copy) => {
    const { bed, end } = await play({ 'restic/copy': copy }, { plan: offsite });

    expect(end).toMatchObject({ outcome: 'succeeded', set: id });
    expect(end.alarms).toHaveProperty('offsite');
    expect(bed.payloads('backup.replicated')).toEqual([]);
  });
});

describe('before a backup', () => {
  test.each([
    ['there is no space', { freeBytes: 10 }],
    ['the tool is older than the server', { toolVersion: '14.1', serverVersion: '15.2' }],
  ])('where %s, nothing is begun', async (_name, over) => {
    const { bed, end } = await play({ 'restic/preflight': tells({ ...preflightOutputs, ...over }) }, { plan: hooks });

    expect(end).toMatchObject({ outcome: 'blocked', set: null });
    expect(bed.names).toEqual(['restic/preflight']);
  });

  test('a clock that is off is told and stops nothing (R-BKP-4)', async () => {
    const clockMs = start - 10 * minuteMs;
    const { end } = await play({ 'restic/preflight': tells({ ...preflightOutputs, clockMs }) });

    expect(end.outcome).toBe('succeeded');
    expect(end.alarms).toHaveProperty('clock');
  });

  test('that cannot look around there is an alarm and no backup', async () => {
    const { bed, end } = await play({ 'restic/preflight': () => ({ fails: 'no login' }) });

    expect(end).toMatchObject({ outcome: 'blocked' });
    expect(end.alarms).toHaveProperty('preflight');
    expect(bed.names).toEqual(['restic/preflight']);
  });

  test('a lock whose holder is gone is broken once (R-BKP-12)', async () => {
    const { bed, end } = await play({
      'restic/preflight': (_inputs, count) => ({
        outputs: { ...preflightOutputs, locks: count === 1 ? [lock('gone')] : [] },
      }),
    });

    expect(bed.names.slice(0, 4)).toEqual(['restic/preflight', 'restic/unlock', 'restic/preflight', 'restic/backup']);
    expect(bed.called[1]?.inputs).toMatchObject({ locks: ['lock-1'] });
    expect(end.outcome).toBe('succeeded');
  });

  test('a lock that is still there after it was broken stops the backup (R-BKP-12)', async () => {
    const { bed, end } = await play({
      'restic/preflight': tells({ ...preflightOutputs, locks: [lock('gone')] }),
    });

    expect(bed.names).toEqual(['restic/preflight', 'restic/unlock', 'restic/preflight']);
    expect(end).toMatchObject({ outcome: 'blocked' });
    expect(end.alarms).toHaveProperty('locks');
  });

  test.each(['unknown', 'asleep'])('a lock whose holder is %s is not touched (R-BKP-12)', async (holder) => {
    const { bed, end } = await play({
      'restic/preflight': tells({ ...preflightOutputs, locks: [lock(holder)] }),
    });

    expect(bed.names).toEqual(['restic/preflight']);
    expect(end).toMatchObject({ outcome: 'blocked' });
    expect(end.alarms).toHaveProperty('locks');
  });

  test('a holder that is alive is waited for, minute by minute', async () => {
    const { bed, end } = await play({
      'restic/preflight': (_inputs, count) => ({
        outputs: { ...preflightOutputs, locks: count < 4 ? [lock('alive')] : [] },
      }),
    });

    expect(bed.names.filter((name) => name === 'restic/preflight')).toHaveLength(4);
    expect(bed.names).not.toContain('restic/unlock');
    expect(end.outcome).toBe('succeeded');
  });

  test('a holder that is alive for half an hour ends the waiting', async () => {
    const { bed, end } = await play({
      'restic/preflight': tells({ ...preflightOutputs, locks: [lock('alive')] }),
    });

    expect(end).toMatchObject({ outcome: 'blocked' });
    expect(end.endedAt - start).toBeGreaterThanOrEqual(30 * minuteMs);
    expect(end.endedAt - start).toBeLessThan(33 * minuteMs);
    expect(bed.names).not.toContain('restic/backup');
  });
});

describe('the hooks around a backup', () => {
  test('after the first one failed the second one runs, and no backup is taken', async () => {
    const { bed, end } = await play({ freeze: () => ({ fails: 'does not stop' }) }, { plan: hooks });

    expect(bed.names).toEqual(['restic/preflight', 'freeze', 'thaw']);
    expect(end).toMatchObject({ outcome: 'blocked', set: null });
  });

  test('after a backup that failed the second one runs', async () => {
    const { bed, end } = await play({ 'restic/backup': () => ({ fails: 'killed' }) }, { plan: hooks });

    expect(bed.names).toEqual(['restic/preflight', 'freeze', 'restic/backup', 'thaw', 'restic/list']);
    expect(end).toMatchObject({ outcome: 'failed', set: null });
  });

  test('a source that is not let go again is an alarm', async () => {
    const { end } = await play({ thaw: () => ({ fails: 'stuck' }) }, { plan: hooks });

    expect(end).toMatchObject({ outcome: 'succeeded' });
    expect(end.alarms).toHaveProperty('quiesce');
  });
});

describe('a backup that did not come to its end', () => {
  const left = tells({
    sets: [{ setId: 'tool-9', label: id, atMs: start, kind: 'full', parent: '', sizeBytes: 5 }],
  });

  test('and left something in the repository is known as one that did not succeed', async () => {
    const { bed, end } = await play({ 'restic/backup': () => ({ fails: 'killed' }), 'restic/list': left });

    expect(end).toMatchObject({ outcome: 'failed', set: id });
    expect(bed.payloads('backup.set')).toMatchObject([{ set: id, toolId: 'tool-9' }]);
    expect(bed.payloads('backup.success')[0]?.failed[0]).toContain('killed');
    expect(bed.payloads('backup.level')).toEqual([]);
  });

  test.each([500, 1_500, 2_500, 3_500, 4_500])(
    'called off after %d ms thaws what was frozen and says so',
    async (ms) => {
      const { bed, end } = await play({ 'restic/list': left }, { plan: hooks, callOffAt: start + ms });

      expect(end).toMatchObject({ outcome: 'cancelled' });
      expect(bed.announced).toEqual([end]);
      expect(bed.called.filter(({ runbook }) => runbook === 'freeze')).toHaveLength(ms > 1_000 ? 1 : 0);
      expect(bed.called.filter(({ runbook }) => runbook === 'thaw')).toHaveLength(ms > 1_000 ? 1 : 0);
      expect(bed.called.filter(({ runbook, cancelled }) => runbook === 'thaw' && cancelled)).toEqual([]);
    },
  );

  test.each([
    [4_500, 'cancelled', [['it was not verified at V1']], []],
    [5_500, 'succeeded', [[]], ['offsite']],
  ])('called off after %d ms has %s, and its set is known', async (ms, outcome, failed, alarms) => {
    const { bed, end } = await play({}, { plan: { ...hooks, ...offsite }, callOffAt: start + ms });

    expect(end).toMatchObject({ outcome, set: id });
    expect(bed.payloads('backup.success').map((each) => each.failed)).toEqual(failed);
    expect(Object.keys(end.alarms ?? {})).toEqual(alarms);
  });
});
