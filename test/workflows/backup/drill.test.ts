import { isObject } from '../../../workflows/domain/json-values';
import type { JsonObject } from '../../../workflows/domain/json';
import { knownSet, start } from './bed';
import { asserted, dayMs, places, playDrill, replayed, restored, result } from './drills';
import type { DrillGiven, Drilled, Roles } from './drills';

function verdictOf({ bed }: Drilled): string {
  return bed.payloads('backup.verdict').map(({ verdict, at }) => `${verdict} at ${at}`)[0] ?? 'none';
}

function evidenceOf({ bed }: Drilled): JsonObject {
  const evidence = bed.payloads('backup.verdict')[0]?.evidence;
  return isObject(evidence) ? evidence : {};
}

test('R-DRILL-1: a drill selects, opens a place, restores, replays, asserts, measures, destroys and is scored', async () => {
  const played = await playDrill();

  const { bed, ended } = played;
  expect(ended).toEqual({
    outcome: 'succeeded',
    reason: 'assert: all assertions held, and all mutations were noticed',
    set: 'bset1',
    alarms: {},
  });
  expect(bed.names).toEqual([
    'place/open',
    'restic/restore',
    'restic/replay',
    'restic/assert',
    'restic/destroy',
    'place/close',
    'place/sweep',
  ]);
  expect(bed.journal.map(({ kind }) => kind)).toEqual([
    'backup.step',
    'backup.step',
    'backup.step',
    'backup.step',
    'backup.asserted',
    'backup.measured',
    'backup.step',
    'backup.verdict',
    'backup.level',
  ]);
  expect(verdictOf(played)).toBe('PASS at assert');
});

test('R-DRILL-1: the place is on the host of the drill, isolated, and its host must be the one', async () => {
  const { bed } = await playDrill({ policy: { inventory: 'lab' } });

  expect(bed.called[0]?.inputs).toMatchObject({
    host: 'drill1',
    label: 'b00000000001',
    parent: '/var/lib/drills',
    isolate: true,
    identity: { hostName: 'drill1', marker: '', system: '' },
  });
  expect(bed.called[1]?.inputs).toMatchObject({
    host: 'drill1',
    set: 'tool-1',
    directory: '/var/lib/drills/b00000000001',
    network: 'ms-b00000000001',
    label: 'b00000000001',
    repository: '/backup/shop',
  });
});

test('R-DRILL-1: on a host that is not the expected one nothing is touched', async () => {
  const refused = { opened: false, reason: 'the host is "db1"', directory: '', network: '', fingerprint: '' };
  const played = await playDrill({ roles: { 'place/open': () => ({ outputs: refused }) } });

  expect(played.ended).toMatchObject({ outcome: 'blocked', reason: 'open: the host is "db1"' });
  expect(played.bed.names).toEqual(['place/open']);
  expect(played.bed.payloads('backup.broken')).toEqual([]);
});

test('R-DRILL-1: a place that was to have a network of its own and has none is closed again', async () => {
  const open = { opened: true, reason: '', directory: '/d', network: '', fingerprint: '' };
  const played = await playDrill({ roles: { 'place/open': () => ({ outputs: open }) } });

  expect(played.ended.outcome).toBe('blocked');
  expect(played.bed.names).toEqual(['place/open', 'place/close', 'place/sweep']);
});

test('R-DRILL-1: the choice is seeded, and its candidates are written down', async () => {
  const sets = [1, 2, 3, 4, 5].map((age) =>
    knownSet({ id: `b${age}`, setId: `tool-${age}`, atMs: start - age * dayMs }),
  );
  const work = { select: { how: 'random', fromDays: 0, toDays: 30 }, seed: 11 } as const;

  const [one, other] = await Promise.all([playDrill({ sets, work }), playDrill({ sets, work })]);

  expect(one?.ended.set).toBe(other?.ended.set);
  expect(one?.bed.payloads('backup.step')[0]).toMatchObject({
    what: 'selected',
    detail: { set: one?.ended.set, seed: 11, candidates: ['b5', 'b4', 'b3', 'b2', 'b1'] },
  });
});

test.each<readonly [string, DrillGiven, string]>([
  ['no set at all', { sets: [] }, 'BLOCKED at select'],
  ['only a broken one', { sets: [knownSet({ broken: 'V1: no' })] }, 'BLOCKED at select'],
  ['no manifest', { manifests: {} }, 'BLOCKED at select'],
  ['a target that is to come', { work: { targetMs: start + dayMs } }, 'BLOCKED at select'],
])('R-DRILL-5: with %s it is blocked, and no place is opened', async (_name, given, verdict) => {
  const played = await playDrill(given);

  expect(verdictOf(played)).toBe(verdict);
  expect(played.bed.names).toEqual([]);
});

const targetMs = start - 3_600_000;
const pointInTime = { work: { targetMs } };
const reachable = restored({ earliestMs: targetMs - dayMs, latestMs: targetMs + 1 });

interface Case {
  readonly roles: Roles;
  readonly given?: DrillGiven;
  readonly verdict: string;
}

test.each<readonly [string, Case]>([
  [
    'the backup could not be restored',
    {
      roles: { 'restic/restore': () => restored({ restored: false, fault: 'backup', reason: 'a pack is corrupt' }) },
      verdict: 'FAIL at restore',
    },
  ],
  [
    'the marker of the place was another one',
    {
      roles: { 'restic/restore': () => restored({ restored: false, fault: 'place' }) },
      verdict: 'BLOCKED at restore',
    },
  ],
  [
    'the restore could not run',
    { roles: { 'restic/restore': () => ({ fails: 'no login' }) }, verdict: 'BLOCKED at restore' },
  ],
  [
    'the restore told what it should not',
    { roles: { 'restic/restore': () => restored({ fault: 'weather' }) }, verdict: 'BLOCKED at restore' },
  ],
  [
    'R-DRILL-2: the archive ends before the target',
    {
      roles: { 'restic/restore': () => restored({ earliestMs: 1, latestMs: targetMs - 1 }) },
      given: pointInTime,
      verdict: 'FAIL at restore',
    },
  ],
  [
    'R-DRILL-2: only the set itself can be restored, and a target was named',
    {
      roles: { 'restic/restore': () => restored({ earliestMs: 0, latestMs: 0 }) },
      given: pointInTime,
      verdict: 'BLOCKED at select',
    },
  ],
  [
    'R-DRILL-2: the target lies before what the set can be recovered to',
    {
      roles: { 'restic/restore': () => restored({ earliestMs: targetMs + 1, latestMs: targetMs + 2 }) },
      given: pointInTime,
      verdict: 'BLOCKED at select',
    },
  ],
  [
    'the service does not start',
    { roles: { 'restic/replay': () => replayed({ started: false, reason: 'no' }) }, verdict: 'FAIL at replay' },
  ],
  [
    'R-DRILL-2: recovery ended before its target, at the end of the archive',
    {
      roles: { 'restic/restore': () => reachable, 'restic/replay': () => replayed({ endedAtTarget: false }) },
      given: pointInTime,
      verdict: 'FAIL at replay',
    },
  ],
  [
    'R-DRILL-2: the last commit is more than a second before the target',
    {
      roles: {
        'restic/restore': () => reachable,
        'restic/replay': () => replayed({ reachedMs: targetMs - 1_001 }),
      },
      given: pointInTime,
      verdict: 'FAIL at replay',
    },
  ],
  [
    'R-DRILL-2: the last commit is a second before the target',
    {
      roles: {
        'restic/restore': () => reachable,
        'restic/replay': () => replayed({ reachedMs: targetMs - 1_000 }),
      },
      given: pointInTime,
      verdict: 'PASS at assert',
    },
  ],
  [
    'R-DRILL-3: one assertion does not hold',
    {
      roles: { 'restic/assert': () => asserted([result('rows'), result('sum of orders', { ok: false })]) },
      verdict: 'FAIL at assert:sum of orders',
    },
  ],
  ['nothing was asserted', { roles: { 'restic/assert': () => asserted([]) }, verdict: 'INVALID at assert' }],
  [
    'a result cannot be read',
    { roles: { 'restic/assert': () => asserted([{ name: 'rows', ok: true }]) }, verdict: 'BLOCKED at assert' },
  ],
  [
    'R-DRILL-1: nothing came to the sink',
    {
      roles: { 'place/close': () => ({ outputs: { leftovers: [], sunk: 0, escaped: 0 } }) },
      verdict: 'BLOCKED at close',
    },
  ],
  [
    'R-DRILL-1: something left the place',
    {
      roles: { 'place/close': () => ({ outputs: { leftovers: [], sunk: 2, escaped: 1 } }) },
      verdict: 'BLOCKED at close',
    },
  ],
  [
    'the place cannot be closed',
    { roles: { 'place/close': () => ({ fails: 'no login' }) }, verdict: 'BLOCKED at close' },
  ],
  [
    'the place cannot be destroyed',
    { roles: { 'restic/destroy': () => ({ fails: 'no login' }) }, verdict: 'BLOCKED at destroy' },
  ],
  ['nobody can look what is left', { roles: { 'place/sweep': () => ({ fails: 'no' }) }, verdict: 'BLOCKED at close' }],
])('R-DRILL-5: %s', async (_name, { roles, given, verdict }) => {
  const played = await playDrill({ ...given, roles });

  expect(verdictOf(played)).toBe(verdict);
  const { opened, closed } = places(played.bed);
  expect(closed).toEqual(opened);
  // FAIL alone says something about the backup, and only PASS shows a level.
  expect(played.bed.payloads('backup.broken').map(({ set }) => set)).toEqual(
    verdict.startsWith('FAIL') ? ['bset1'] : [],
  );
  expect(played.bed.payloads('backup.level')).toHaveLength(verdict.startsWith('PASS') ? 1 : 0);
});

test('R-DRILL-2: what was not recovered to its target is not asserted', async () => {
  const roles = { 'restic/restore': () => reachable, 'restic/replay': () => replayed({ endedAtTarget: false }) };
  const played = await playDrill({ ...pointInTime, roles });

  expect(played.bed.names).not.toContain('restic/assert');
});

test('R-DRILL-6: a place that could not be closed at once is closed at the third try', async () => {
  const played = await playDrill({
    roles: {
      'place/close': (_inputs, count) =>
        count < 3 ? { fails: 'no login' } : { outputs: { leftovers: [], sunk: 2, escaped: 0 } },
    },
  });

  expect(verdictOf(played)).toBe('PASS at assert');
});

test('R-DRILL-6: what is left is in the evidence and raises an alarm', async () => {
  const played = await playDrill({
    roles: {
      'place/close': () => ({ outputs: { leftovers: ['process 12'], sunk: 2, escaped: 0 } }),
      'place/sweep': () => ({ outputs: { labels: ['b00000000001', 'b00000000002', 'b00000000003m1'] } }),
    },
    lookups: {
      // The second one is still under way.
      operationsEnded: ({ ids }) => ({
        ended: ids
          .filter((id) => id !== 'b00000000002')
          .map((operation) => ({
            operation,
            kind: 'drill',
            outcome: 'succeeded',
            reason: '',
            set: null,
            endedAt: start,
          })),
      }),
    },
  });

  expect(evidenceOf(played)['leftovers']).toEqual(['process 12', 'place b00000000001', 'place b00000000003m1']);
  expect(played.ended.alarms).toEqual({
    places: 'left by a drill: process 12, place b00000000001, place b00000000003m1',
  });
});

test('R-DRILL-5: called off it is interrupted, and everything is cleaned up', async () => {
  // In the middle of the restore.
  const played = await playDrill({ calledOffAfterMs: 30_000 });

  expect(played.ended).toMatchObject({ outcome: 'INTERRUPTED', reason: 'restore: a real incident' });
  expect(played.bed.names.slice(-3)).toEqual(['restic/destroy', 'place/close', 'place/sweep']);
  expect(played.bed.payloads('backup.broken')).toEqual([]);
});

test('R-DRILL-7: the evidence names backup, versions, people, steps, assertions, figures, target and teardown', async () => {
  const played = await playDrill({ plan: { with: { clauses: 'https://example.org/clauses' } } });

  expect(evidenceOf(played)).toMatchObject({
    backupId: 'bset1',
    digest: 'sha256:1',
    toolVersions: ['1.0.0'],
    operator: 'user/rita',
    approver: 'team/web',
    steps: [
      { step: 'select', startedAtMs: start, endedAtMs: start },
      { step: 'open', startedAtMs: start, endedAtMs: start + 1_000 },
      { step: 'restore', startedAtMs: start + 1_000, endedAtMs: start + 61_000 },
      { step: 'replay', startedAtMs: start + 61_000, endedAtMs: start + 81_000 },
      { step: 'assert', startedAtMs: start + 81_000, endedAtMs: start + 86_000 },
      { step: 'destroy' },
      { step: 'close' },
      { step: 'sweep' },
    ],
    assertions: [result('rows')],
    targetFingerprint: 'drill1 machine-1',
    leftovers: [],
    clauses: 'https://example.org/clauses',
    missing: [],
    isolation: { sunk: 2, escaped: 0 },
  });
});

test('R-DRILL-7: what is missing in the evidence is said', async () => {
  const played = await playDrill();

  expect(evidenceOf(played)['missing']).toEqual(['link to the clauses']);
});

test('R-DRILL-4: assertions are given the manifest that was kept, as an equal only at its point', async () => {
  const manifests = { bset1: { counts: { orders: 9 } } };
  const atOnce = await playDrill({ manifests });
  const later = await playDrill({
    manifests,
    work: { targetMs: -1 },
    roles: { 'restic/restore': () => restored({ earliestMs: 1, latestMs: start }) },
  });
  // A tool that knows no log recovers the set itself, however late it was asked to.
  const only = await playDrill({ manifests, work: { targetMs: -1 } });

  const given = [atOnce, later, only].map(
    ({ bed }) => bed.called.find(({ runbook }) => runbook === 'restic/assert')?.inputs,
  );
  expect(given.map((inputs) => inputs?.['atManifest'])).toEqual([true, false, true]);
  expect(given[0]?.['manifest']).toEqual({ counts: { orders: 9 } });
});
