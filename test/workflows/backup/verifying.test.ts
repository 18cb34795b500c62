import { operationProcedure } from '../../../workflows/backup/operation';
import type { OperationEnd } from '../../../workflows/backup/messages';
import { Bed, knownSet, operationInput } from './bed';
import { healthyRoles, tells } from './healthy-roles';
import type { Roles } from './healthy-roles';

async function verify(
  work: { readonly set?: string; readonly level: 'V1' | 'V2' },
  roles: Roles = {},
): Promise<{ readonly bed: Bed; readonly end: OperationEnd }> {
  const bed = new Bed({ sets: [knownSet()], roles: healthyRoles(roles) });
  const input = operationInput({ kind: 'verify', set: 'bset1', readPercent: 40, seed: 7, ...work });
  return { bed, end: await bed.play(input, operationProcedure) };
}

describe('a verification', () => {
  test('asks for the set by the name of the tool, and dates its level', async () => {
    const { bed, end } = await verify({ level: 'V1' });

    expect(bed.called.map(({ inputs }) => inputs)).toMatchObject([
      { set: 'tool-1', level: 'V1', readPercent: 40, seed: 7 },
    ]);
    expect(bed.payloads('backup.level')).toEqual([
      { set: 'bset1', levels: ['V1'], atMs: bed.clock.now, readPercent: 100 },
    ]);
    expect(end).toMatchObject({ outcome: 'succeeded', set: 'bset1' });
  });

  test('at V2 looks at V1 first', async () => {
    const { bed } = await verify({ level: 'V2' });

    expect(bed.called.map(({ inputs }) => inputs['level'])).toEqual(['V1', 'V2']);
  });

  test('that finds damage marks the set broken, and goes no further', async () => {
    const { bed, end } = await verify(
      { level: 'V2' },
      { 'restic/verify': tells({ intact: false, readPercent: 40, problems: ['pack 7'] }) },
    );

    expect(bed.payloads('backup.broken')).toEqual([{ set: 'bset1', reason: 'V1: pack 7' }]);
    expect(bed.payloads('backup.level')).toEqual([]);
    expect(end).toMatchObject({ outcome: 'failed', set: 'bset1' });
    expect(bed.called).toHaveLength(1);
  });

  test.each([
    ['fails', () => ({ fails: 'no login' })],
    ['does not tell what it found', tells({ readPercent: 40 })],
  ])('whose runbook %s says nothing about the set', async (_name, script) => {
    const { bed, end } = await verify({ level: 'V1' }, { 'restic/verify': script });

    expect(end).toMatchObject({ outcome: 'blocked', set: 'bset1' });
    expect(bed.payloads('backup.broken')).toEqual([]);
    expect(bed.payloads('backup.level')).toEqual([]);
  });

  test('of a set that nobody knows has failed', async () => {
    const { bed, end } = await verify({ level: 'V1', set: 'bset7' });

    expect(end).toMatchObject({ outcome: 'failed', set: null });
    expect(bed.called).toEqual([]);
  });
});
