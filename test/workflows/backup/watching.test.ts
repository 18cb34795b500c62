import { operationProcedure } from '../../../workflows/backup/operation';
import type { OperationEnd } from '../../../workflows/backup/messages';
import { Bed, knownSet, operationInput, planInForce, start } from './bed';
import type { BedOptions } from './bed';
import { healthyRoles, lock, preflightOutputs, tells } from './healthy-roles';
import type { Roles } from './healthy-roles';

async function look(
  roles: Roles = {},
  options: Partial<BedOptions> = {},
): Promise<{ readonly bed: Bed; readonly end: OperationEnd }> {
  const bed = new Bed({ sets: [knownSet()], ...options, roles: healthyRoles(roles) });
  return { bed, end: await bed.play(operationInput({ kind: 'watch' }), operationProcedure) };
}

describe('watching', () => {
  test('where all is well raises no alarm and touches nothing', async () => {
    const { bed, end } = await look();

    expect(bed.names).toEqual(['restic/preflight', 'restic/list', 'place/sweep', 'place/sweep']);
    expect(bed.called.slice(2).map(({ inputs }) => inputs)).toMatchObject([
      { host: 'drill1', parent: '/var/lib/drills' },
      { host: 'db1', parent: '/var/lib/drills' },
    ]);
    expect(end).toMatchObject({ outcome: 'succeeded', alarms: {} });
  });

  test.each([
    ['space', 'restic/preflight', tells({ ...preflightOutputs, freeBytes: 1 })],
    ['clock', 'restic/preflight', tells({ ...preflightOutputs, clockMs: start - 3_600_000 })],
    ['lag', 'restic/preflight', tells({ ...preflightOutputs, lagSeconds: 3_600 })],
    ['versions', 'restic/preflight', tells({ ...preflightOutputs, toolVersion: '13.0', serverVersion: '15.1' })],
    ['locks', 'restic/preflight', tells({ ...preflightOutputs, locks: [lock('unknown')] })],
    ['missing', 'restic/list', tells({ sets: [] })],
  ])('raises %s', async (alarm, role, script) => {
    const { end } = await look({ [role]: script });

    expect(end.outcome).toBe('succeeded');
    expect(Object.keys(end.alarms ?? {})).toEqual([alarm]);
  });

  test.each([
    ['preflight', 'restic/preflight'],
    ['missing', 'restic/list'],
    ['places', 'place/sweep'],
  ])('raises %s where it could not look, and has not succeeded', async (alarm, role) => {
    const { end } = await look({ [role]: () => ({ fails: 'no login' }) });

    expect(end.outcome).toBe('blocked');
    expect(Object.keys(end.alarms ?? {})).toEqual([alarm]);
  });

  test('does not break a lock, and waits for none (R-BKP-12)', async () => {
    const { bed, end } = await look({
      'restic/preflight': tells({ ...preflightOutputs, locks: [lock('gone'), lock('alive')] }),
    });

    expect(bed.names).not.toContain('restic/unlock');
    expect(end.alarms).toEqual({});
  });

  test('lists places of operations that have ended, and lets the others be (R-DRILL-6)', async () => {
    const labels = ['b000000000002', 'b000000000002m1', 'b000000000003'];
    const ended = endedOf('b000000000002');

    const { end } = await look(
      { 'place/sweep': ({ host }) => ({ outputs: { labels: host === 'drill1' ? labels : [] } }) },
      { lookups: { operationsEnded: ({ ids }) => ({ ended: ids.includes(ended.operation) ? [ended] : [] }) } },
    );

    expect(end.alarms?.['places']).toBe('left on drill1 in /var/lib/drills: b000000000002, b000000000002m1');
  });

  test('finds what a restore has left on the host of what is live (R-DRILL-6)', async () => {
    const left = { ...endedOf('b000000000004'), kind: 'restore' } as const;

    const { end } = await look(
      { 'place/sweep': ({ host }) => ({ outputs: { labels: host === 'db1' ? [left.operation] : [] } }) },
      { lookups: { operationsEnded: () => ({ ended: [left] }) } },
    );

    expect(end).toMatchObject({
      outcome: 'succeeded',
      alarms: { places: 'left on db1 in /var/lib/drills: b000000000004' },
    });
  });

  test('looks once where drills and restores have the same home, and for restores where nobody drills', async () => {
    const { drill } = planInForce();
    if (drill === null) throw new Error('Cannot watch: the plan of the bed has no drill policy');
    const homes = [{ ...drill, host: 'db1', inventory: 'fleet' }, null].map(async (each) => {
      const bed = new Bed({ sets: [knownSet()], roles: healthyRoles({}) });
      await bed.play(operationInput({ kind: 'watch' }, planInForce({ drill: each })), operationProcedure);
      return bed.called.slice(2).map(({ inputs }) => [inputs['host'], inputs['parent']]);
    });

    expect(await Promise.all(homes)).toEqual([[['db1', '/var/lib/drills']], [['db1', '/var/tmp/mainstay']]]);
  });
});

function endedOf(operation: string): OperationEnd {
  return { operation, kind: 'drill', outcome: 'INTERRUPTED', reason: '', set: null, endedAt: start };
}
