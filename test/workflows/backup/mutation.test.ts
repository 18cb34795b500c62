import type { JsonObject } from '../../../workflows/domain/json';
import { knownSet, start } from './bed';
import { asserted, dayMs, isMutated, places, playDrill, replayed, restored, result, textOf } from './drills';
import type { DrillGiven, Drilled, Roles } from './drills';

const older = knownSet({ id: 'bset0', setId: 'tool-0', atMs: start - 2 * dayMs });
const sets = [knownSet(), older];

function decided({ bed }: Drilled): string {
  return bed.payloads('backup.verdict').map(({ verdict, at }) => `${verdict} at ${at}`)[0] ?? 'none';
}

function mutated({ bed }: Drilled): readonly JsonObject[] {
  return bed
    .payloads('backup.step')
    .filter(({ what }) => what === 'mutated')
    .map(({ detail }) => detail);
}

/** Corrupts a copy of the repository. */
const inRepository: Roles = {
  'restic/mutate': ({ stage, directory }) => ({
    outputs:
      stage === 'repository'
        ? { applied: true, repository: `${textOf(directory)}/repository`, what: 'byte 7 of pack a' }
        : { applied: false, repository: '', what: '' },
  }),
};

/** Deletes something of what was restored. */
const inRestored: Roles = {
  'restic/mutate': ({ stage }) => ({
    outputs: { applied: stage === 'restored', repository: '', what: stage === 'restored' ? 'row 3' : '' },
  }),
};

const noticing: Roles = {
  'restic/assert': (inputs) => asserted([result('rows', { ok: !isMutated(inputs) })]),
};

function withMutation(mutation: string, roles: Roles, more: DrillGiven = {}): DrillGiven {
  return { ...more, roles, policy: { mutations: [mutation] } };
}

test('R-DRILL-5: a mutation of the repository is restored from a corrupted copy, in a place of its own', async () => {
  const played = await playDrill(
    withMutation('flipped-bytes', {
      ...inRepository,
      'restic/restore': ({ repository }) =>
        textOf(repository).endsWith('/repository')
          ? restored({ restored: false, fault: 'backup', reason: 'a pack is corrupt' })
          : restored(),
    }),
  );

  expect(decided(played)).toBe('PASS at assert');
  expect(played.bed.names.slice(6)).toEqual([
    'place/open',
    'restic/mutate',
    'restic/restore',
    'restic/destroy',
    'place/close',
    'place/sweep',
  ]);
  expect(mutated(played)).toEqual([
    { mutation: 'flipped-bytes', what: 'byte 7 of pack a', result: 'noticed', by: 'restore' },
  ]);
  expect(places(played.bed).closed).toEqual(['b00000000001', 'b00000000001m1']);
});

test('R-DRILL-5: a mutation of what was restored is made after the genuine restore, and noticed by name', async () => {
  const played = await playDrill(withMutation('dropped-rows', { ...inRestored, ...noticing }));

  expect(decided(played)).toBe('PASS at assert');
  expect(played.bed.names.slice(6)).toEqual([
    'place/open',
    'restic/mutate',
    'restic/restore',
    'restic/replay',
    'restic/mutate',
    'restic/assert',
    'restic/destroy',
    'place/close',
    'place/sweep',
  ]);
  expect(mutated(played)).toMatchObject([{ result: 'noticed', by: 'rows' }]);
});

test.each<readonly [string, DrillGiven, string]>([
  ['an unnoticed one', withMutation('dropped-rows', inRestored), 'INVALID at mutate:dropped-rows'],
  [
    'one after which nothing was asserted',
    withMutation('dropped-rows', {
      ...inRestored,
      'restic/assert': (inputs) => asserted(isMutated(inputs) ? [] : [result('rows')]),
    }),
    'INVALID at mutate:dropped-rows',
  ],
  [
    'one that recovery notices',
    withMutation('missing-wal', {
      ...inRepository,
      'restic/replay': (inputs) =>
        isMutated(inputs) ? replayed({ started: false, fault: 'backup', reason: 'gap' }) : replayed(),
    }),
    'PASS at assert',
  ],
  [
    'one that the provider cannot make',
    withMutation('earthquake', {
      'restic/mutate': () => ({ outputs: { applied: false, repository: '', what: '' } }),
    }),
    'BLOCKED at mutate:earthquake',
  ],
  [
    'one of a provider that can make none',
    withMutation('flipped-bytes', {}, { plan: { roles: ['restore', 'assert', 'destroy'] } }),
    'BLOCKED at mutate:flipped-bytes',
  ],
  [
    'a run that fails on it twice: that is not noticing it',
    withMutation('flipped-bytes', {
      ...inRepository,
      'restic/restore': (inputs) => (isMutated(inputs) ? { fails: 'exit code 1' } : restored()),
    }),
    'BLOCKED at mutate',
  ],
  [
    'an untouched copy that could not be restored: that is not noticing it',
    withMutation('dropped-rows', {
      ...inRestored,
      'restic/restore': (inputs) =>
        isMutated(inputs) ? restored({ restored: false, fault: 'backup', reason: 'no' }) : restored(),
    }),
    'BLOCKED at mutate',
  ],
])('R-DRILL-5: with %s the verdict is as it should be', async (_name, given, verdict) => {
  const played = await playDrill(given);

  expect(decided(played)).toBe(verdict);
  const { opened, closed } = places(played.bed);
  expect(closed).toEqual(opened);
  expect(played.bed.payloads('backup.broken')).toEqual([]);
});

test('R-DRILL-5: what the surroundings spoil is tried once more, in a place of its own', async () => {
  const played = await playDrill(
    withMutation('dropped-rows', {
      ...inRestored,
      ...noticing,
      'restic/mutate': (inputs, count) =>
        count === 1
          ? { fails: 'no space' }
          : { outputs: { applied: inputs['stage'] === 'restored', repository: '', what: '' } },
    }),
  );

  expect(decided(played)).toBe('PASS at assert');
  expect(places(played.bed)).toEqual({
    opened: ['b00000000001', 'b00000000001m1', 'b00000000001m1b'],
    closed: ['b00000000001', 'b00000000001m1', 'b00000000001m1b'],
  });
});

test('R-DRILL-5: what the surroundings spoil twice ends it: nothing else is broken on purpose', async () => {
  const played = await playDrill({
    policy: { mutations: ['dropped-rows', 'wrong-system'] },
    roles: { 'restic/mutate': () => ({ fails: 'no space' }) },
  });

  expect(decided(played)).toBe('BLOCKED at mutate');
  expect(played.ended.reason).toMatch(/^mutate: dropped-rows: .*no space/);
  expect(places(played.bed).opened).toEqual(['b00000000001', 'b00000000001m1', 'b00000000001m1b']);
});

test.each([
  ['nothing came to the sink', { leftovers: [], sunk: 0, escaped: 0 }],
  ['something left it', { leftovers: [], sunk: 2, escaped: 3 }],
])('R-DRILL-1: where of one place of many %s, the drill is blocked', async (_name, outputs) => {
  const played = await playDrill({
    policy: { mutations: ['dropped-rows', 'wrong-system'] },
    roles: {
      ...inRestored,
      ...noticing,
      'place/close': (_inputs, count) => ({
        outputs: count === 2 ? outputs : { leftovers: [], sunk: 2, escaped: 0 },
      }),
    },
  });

  expect(decided(played)).toBe('BLOCKED at close');
  expect(places(played.bed).closed).toHaveLength(3);
});

test('R-DRILL-5: a failed drill breaks nothing on purpose', async () => {
  const played = await playDrill(
    withMutation('dropped-rows', {
      ...inRestored,
      'restic/assert': () => asserted([result('rows', { ok: false })]),
    }),
  );

  expect(decided(played)).toBe('FAIL at assert:rows');
  expect(played.bed.names).not.toContain('restic/mutate');
});

const manifests = { bset1: { takenAtMs: 2, counts: { orders: 9 } }, bset0: { takenAtMs: 1, counts: { orders: 3 } } };

test('R-DRILL-5: an older backup is passed off as the one that was asked for, and must be noticed', async () => {
  const roles: Roles = {
    'restic/assert': (inputs) => asserted([result('rows', { ok: !isMutated(inputs) })]),
  };
  const noticed = await playDrill({ ...withMutation('stale-backup', roles), sets, manifests });
  const unnoticed = await playDrill({ ...withMutation('stale-backup', {}), sets, manifests });

  expect(decided(noticed)).toBe('PASS at assert');
  expect(decided(unnoticed)).toBe('INVALID at mutate:stale-backup');
  const calls = unnoticed.bed.called.filter(({ inputs }) => isMutated(inputs));
  expect(calls.find(({ runbook }) => runbook === 'restic/restore')?.inputs).toMatchObject({
    set: 'tool-0',
    targetMs: 0,
  });
  expect(calls.find(({ runbook }) => runbook === 'restic/assert')?.inputs).toMatchObject({
    manifest: manifests.bset1,
    atManifest: true,
  });
});

test('R-DRILL-5: an older backup is held against the manifest no more strictly than the one that was proven', async () => {
  const roles: Roles = { 'restic/restore': () => restored({ earliestMs: 1, latestMs: start }) };
  const played = await playDrill({
    ...withMutation('stale-backup', roles),
    sets,
    manifests,
    work: { targetMs: -1 },
  });

  const given = played.bed.called.filter(({ runbook }) => runbook === 'restic/assert');
  expect(given.map(({ inputs }) => inputs['atManifest'])).toEqual([false, false]);
  // Replayed to the end of the log it would be as new as any other.
  const restores = played.bed.called.filter(({ runbook }) => runbook === 'restic/restore');
  expect(restores.map(({ inputs }) => inputs['targetMs'])).toEqual([-1, 0]);
});

test.each([
  ['there is no older one', [knownSet()], manifests],
  ['the older one is broken', [knownSet(), { ...older, broken: 'V1: no' }], manifests],
  [
    'nothing was written between',
    sets,
    { bset1: { takenAtMs: 2, counts: { orders: 3 } }, bset0: { takenAtMs: 1, counts: { orders: 3 } } },
  ],
])('R-DRILL-5: where %s, that is said instead', async (_name, all, kept) => {
  const played = await playDrill({ ...withMutation('stale-backup', {}), sets: all, manifests: kept });

  expect(decided(played)).toBe('PASS at assert');
  expect(mutated(played)).toMatchObject([{ mutation: 'stale-backup', result: 'left-out' }]);
});
