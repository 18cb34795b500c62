import { operationProcedure } from '../../../workflows/backup/operation';
import type { KnownSet, OperationEnd } from '../../../workflows/backup/messages';
import { Bed, knownSet, operationInput, start } from './bed';
import { healthyRoles, tells } from './healthy-roles';
import type { Roles } from './healthy-roles';

const dayMs = 86_400_000;

function aged(id: string, days: number, over: Partial<KnownSet> = {}): KnownSet {
  const atMs = start - days * dayMs;
  return knownSet({ id, setId: `tool-${id}`, atMs, levels: { V0: atMs, V1: atMs }, ...over });
}

const newest = aged('b1', 1);
const old = aged('b9', 9);

async function forget(
  planned: readonly string[],
  sets: readonly KnownSet[],
  roles: Roles = {},
): Promise<{ readonly bed: Bed; readonly end: OperationEnd }> {
  const bed = new Bed({ sets, roles: healthyRoles(roles) });
  return { bed, end: await bed.play(operationInput({ kind: 'forget', sets: planned }), operationProcedure) };
}

describe('forgetting', () => {
  test('deletes what was planned, looks at the repository, and says what is gone (R-BKP-10)', async () => {
    const { bed, end } = await forget(['b9'], [newest, old]);

    expect(bed.called.map(({ runbook, inputs }) => [runbook, inputs['sets'] ?? inputs['set']])).toEqual([
      ['restic/forget', ['tool-b9']],
      ['restic/verify', 'tool-b1'],
    ]);
    expect(bed.payloads('backup.pruned')).toEqual([{ sets: ['b9'], freedBytes: 10, intact: true }]);
    expect(end).toMatchObject({ outcome: 'succeeded' });
  });

  test.each([
    ['a legal hold (R-BKP-9)', [newest, aged('b9', 9, { holds: [hold('legal')] })]],
    ['a plain hold (R-BKP-9)', [newest, aged('b9', 9, { holds: [hold('plain')] })]],
    ['an operation that works with it (R-BKP-8)', [newest, aged('b9', 9, { pins: ['b00000000002'] })]],
    ['a newer one that needs it (R-BKP-8)', [newest, old, aged('b8', 8, { kind: 'incremental', parent: 'b9' })]],
    ['its being the newest good one (R-BKP-7)', [aged('b1', 1, { broken: 'V1: pack 7' }), old]],
    ['its being the newest whose service was started (R-BKP-7)', [newest, aged('b9', 9, { levels: { V1: 1, V4: 1 } })]],
    ['nobody of us having made it', [newest, aged('b9', 9, { owned: false })]],
    ['its being gone already', [newest]],
  ])('leaves alone what is kept by %s', async (_name, sets) => {
    const { bed, end } = await forget(['b9'], sets);

    expect(bed.called).toEqual([]);
    expect(bed.payloads('backup.pruned')).toEqual([]);
    expect(end.outcome).toBe('succeeded');
  });

  test('says why something stays, and deletes the others', async () => {
    const { bed, end } = await forget(['b7', 'b9'], [newest, aged('b7', 7, { holds: [hold('legal')] }), old]);

    expect(bed.called[0]?.inputs['sets']).toEqual(['tool-b9']);
    expect(end.reason).toContain('b7 kept: hold "audit"');
  });

  test('writes down only what is said to be gone', async () => {
    const { bed, end } = await forget(['b8', 'b9'], [newest, aged('b8', 8), old], {
      'restic/forget': tells({ forgotten: ['tool-b9'], freedBytes: 1, intact: true }),
    });

    expect(bed.payloads('backup.pruned')).toMatchObject([{ sets: ['b9'] }]);
    expect(end).toMatchObject({ outcome: 'failed' });
  });

  test.each([
    ['the tool says so', { 'restic/forget': tells({ forgotten: ['tool-b9'], freedBytes: 1, intact: false }) }],
    ['the newest set is damaged', { 'restic/verify': tells({ intact: false, readPercent: 100, problems: ['x'] }) }],
    ['nobody could look', { 'restic/verify': () => ({ fails: 'no login' }) }],
  ])('that leaves a repository which is not intact has failed: %s (R-BKP-10)', async (_name, roles) => {
    const { bed, end } = await forget(['b9'], [newest, old], roles);

    expect(bed.payloads('backup.pruned')).toMatchObject([{ sets: ['b9'], intact: false }]);
    expect(end.outcome).toBe('failed');
    expect(end.alarms).toHaveProperty('repository');
  });

  test('that failed half way writes down what is not in the repository any more', async () => {
    const { bed, end } = await forget(['b8', 'b9'], [newest, aged('b8', 8), old], {
      'restic/forget': () => ({ fails: 'killed' }),
      'restic/list': tells({
        sets: ['b1', 'b8'].map((id) => ({
          setId: `tool-${id}`,
          label: id,
          atMs: 1,
          kind: 'full',
          parent: '',
          sizeBytes: 1,
        })),
      }),
    });

    expect(bed.payloads('backup.pruned')).toMatchObject([{ sets: ['b9'], intact: false }]);
    expect(end).toMatchObject({ outcome: 'failed' });
  });

  test('that is called off after it has begun is carried through', async () => {
    const bed = new Bed({ sets: [newest, old], roles: healthyRoles() });
    bed.callOffAt(start + 500, 'stop');

    const end = await bed.play(operationInput({ kind: 'forget', sets: ['b9'] }), operationProcedure);

    expect(bed.called.filter(({ cancelled }) => cancelled)).toEqual([]);
    expect(bed.payloads('backup.pruned')).toMatchObject([{ sets: ['b9'] }]);
    expect(end.outcome).toBe('succeeded');
  });
});

function hold(kind: 'legal' | 'plain'): KnownSet['holds'][number] {
  return { name: 'audit', kind, untilMs: null, by: 'user/ann', reason: 'audit 2026' };
}
