import fc from 'fast-check';

import { isObject } from '../../../workflows/domain/json-values';
import { knownSet, start } from './bed';
import { asserted, dayMs, places, replayed, restored, result } from './drills';
import type { Roles } from './drills';
import { approvals, archived, asked, playRestore } from './restores';
import type { RestoreGiven } from './restores';

const over = { over: true } as const;
const swap = { task: 'swap', by: 'user/rita', choose: 'swap', after: '1h' } as const;
const confirm = { task: 'confirm', by: 'user/anna', choose: 'confirm', after: '3h' } as const;
const back = { task: 'confirm', by: 'user/anna', choose: 'back', after: '3h' } as const;

test('a restore is chosen, approved, made in a place, asserted, compared, and kept until somebody is done with it', async () => {
  const played = await playRestore({
    answers: [...approvals, { task: 'beside', by: 'user/rita', choose: 'done', after: '2h' }],
  });

  expect(played.ended).toEqual({ outcome: 'succeeded', reason: 'it was restored beside what is live', set: 'bset1' });
  expect(played.bed.names).toEqual([
    'restic/preflight',
    'place/open',
    'restic/restore',
    'restic/replay',
    'restic/assert',
    'restic/compare',
    'restic/destroy',
    'place/close',
  ]);
  expect(played.bed.called[1]?.inputs).toMatchObject({ host: 'db1', label: 'b00000000001', isolate: true });
  expect(played.bed.payloads('task.opened').at(-1)?.show).toMatchObject({
    backup: 'bset1',
    recoversTo: new Date(start + 1_000).toISOString(),
    failedAssertions: [],
    differing: 1,
    differences: [{ name: 'orders', live: 2, restored: 9 }],
  });
  // It was asked for two hours after it was there.
  expect(played.bed.called.at(-1)?.at).toBeGreaterThan(start + 2 * 3_600_000);
});

test('what is restored beside is kept for a day, and another for each time that somebody says so', async () => {
  const once = await playRestore();
  const twice = await playRestore({
    answers: [...approvals, { task: 'beside', by: 'user/rita', choose: 'keep', after: '23h' }],
  });

  const closedAfter = [once, twice].map(({ bed }) => (bed.called.at(-1)?.at ?? 0) - start);
  expect(closedAfter.map((ms) => Math.floor(ms / 3_600_000))).toEqual([24, 47]);
  expect([once.ended.outcome, twice.ended.outcome]).toEqual(['succeeded', 'succeeded']);
});

test.each([
  ['beside what is live by one', {}, 1],
  ['over what is live by two', over, 2],
])('R-SOD-1: a restore %s is approved, and never by who wants it', async (_name, work, count) => {
  const rita = { task: 'approve', by: 'user/rita', choose: 'approve' } as const;
  const played = await playRestore({ work, answers: [rita, ...approvals.map((each) => ({ ...each, after: '1h' }))] });

  const votes = played.bed.payloads('approval.event').filter(({ event }) => event.kind === 'approval.vote-cast');
  expect(votes).toHaveLength(count);
  expect(played.bed.called.find(({ runbook }) => runbook === 'place/open')?.at).toBeGreaterThan(start + 3_600_000);
});

test('over live data one person is not enough', async () => {
  const played = await playRestore({
    work: over,
    plan: { approvers: { restore: ['user/anna', 'user/rita'], holds: [] } },
  });

  expect(played.ended.outcome).toBe('failed');
  expect(played.ended.reason).toContain('needs 2 and has 1 eligible people');
  expect(played.bed.names).toEqual(['restic/preflight']);
});

test('whoever approves sees what is lost, and what speaks against the backup', async () => {
  const broken = knownSet({ broken: 'V1: a pack is gone' });
  const played = await playRestore({ sets: [broken], work: { set: 'bset1', targetMs: 0 } });

  expect(played.bed.payloads('task.opened')[0]?.show).toMatchObject({
    service: 'shop',
    host: 'db1',
    backup: 'bset1',
    loss: 'what was written in the last 1 d is lost',
    over: false,
    problem: 'V1: a pack is gone',
    reason: 'orders are missing',
  });
});

test('rejected, nothing is restored', async () => {
  const played = await playRestore({ answers: [{ task: 'approve', by: 'user/omar', choose: 'reject' }] });

  expect(played.ended).toMatchObject({ outcome: 'cancelled', reason: 'it was not approved: rejected by user/omar' });
  expect(played.bed.names).toEqual(['restic/preflight']);
});

test('nobody approves in time, and nothing is restored', async () => {
  const played = await playRestore({ answers: [] });

  expect(played.ended).toMatchObject({ outcome: 'cancelled', reason: 'it was not approved: timed-out' });
});

test.each<readonly [string, RestoreGiven, string]>([
  [
    'an unknown set',
    { work: { set: 'nope' } },
    'Cannot restore backup "nope": it is not there; there are bset1 of 2026',
  ],
  ['no good set', { sets: [knownSet({ broken: 'V1: no' })] }, 'Cannot restore: no backup is good'],
  [
    'R-DRILL-2: a target before everything',
    { work: { targetMs: start - 90 * dayMs } },
    'Cannot restore: the oldest good backup is',
  ],
  [
    'R-DRILL-2: a target after the end of the archive',
    { work: { targetMs: start }, roles: { 'restic/preflight': () => ({ outputs: { lagSeconds: 600 } }) } },
    'after the end of the archive',
  ],
  [
    'a provider that cannot swap',
    { work: over, plan: { roles: ['restore', 'assert', 'destroy'] } },
    'Cannot restore over what is live: provider "restic" has no swap',
  ],
])('with %s a restore is refused, and says what there is', async (_name, given, reason) => {
  const played = await playRestore(given);

  expect(played.ended.outcome).toBe('failed');
  expect(played.ended.reason).toContain(reason);
  expect(asked(played)).toEqual([]);
});

test('R-DRILL-2: where no log is archived, the newest backup before the target is restored as it is', async () => {
  const older = knownSet({ id: 'bset0', setId: 'tool-0', atMs: start - 5 * dayMs });
  const played = await playRestore({
    sets: [knownSet(), older],
    manifests: { bset0: {}, bset1: {} },
    work: { targetMs: start - 2 * dayMs },
    roles: { 'restic/preflight': () => ({ outputs: { lagSeconds: -1 } }), 'restic/restore': () => restored() },
  });

  expect(played.bed.called.find(({ runbook }) => runbook === 'restic/restore')?.inputs).toMatchObject({
    set: 'tool-0',
    targetMs: 0,
  });
  expect(played.bed.payloads('task.opened')[0]?.show['loss']).toContain('it is 3 d before the target');
});

test('R-DRILL-2: a server that cannot be asked any more is no reason not to restore it', async () => {
  const played = await playRestore({
    work: { targetMs: start - 60_000 },
    roles: {
      'restic/preflight': () => ({ fails: 'no server' }),
      'restic/replay': () => replayed({ reachedMs: start }),
    },
  });

  expect(played.ended.outcome).toBe('succeeded');
});

test('the swap is made on word, stands when it is confirmed, and only then the original goes', async () => {
  const played = await playRestore({ work: over, answers: [...approvals, swap, confirm] });

  expect(played.ended).toEqual({
    outcome: 'succeeded',
    reason: 'it took the place of what was live, confirmed by user/anna; the original is gone',
    set: 'bset1',
  });
  expect(played.bed.names.slice(-5)).toEqual([
    'restic/compare',
    'restic/swap',
    'restic/settle',
    'restic/destroy',
    'place/close',
  ]);
  const at = (runbook: string): number => played.bed.called.find((call) => call.runbook === runbook)?.at ?? 0;
  expect(at('restic/settle') - at('restic/swap')).toBeGreaterThanOrEqual(3 * 3_600_000);
  expect(played.bed.called.find(({ runbook }) => runbook === 'restic/settle')?.inputs).toMatchObject({
    host: 'db1',
    original: '/srv/shop.original',
  });
});

test('a swap that nobody confirms stays as it is, with the original', async () => {
  const answers = [...approvals, swap, { ...confirm, after: '2000h' }];
  const played = await playRestore({ work: over, answers });

  expect(played.bed.payloads('task.opened').at(-1)).toMatchObject({ path: 'confirm', dueAt: null });
  expect(played.bed.called.find(({ runbook }) => runbook === 'restic/settle')?.at).toBeGreaterThan(
    start + 2000 * 3_600_000,
  );
});

test.each<readonly [string, RestoreGiven['answers'], Roles, string, string]>([
  [
    'that is taken back',
    [...approvals, swap, back],
    {},
    'cancelled',
    'user/anna took the swap back; what was live is live again',
  ],
  [
    'that fails',
    [...approvals, swap],
    { 'restic/swap': (_inputs, count) => (count === 1 ? { fails: 'no space' } : {}) },
    'failed',
    'no space; what was live is live again',
  ],
])('a swap %s is undone, and the place is closed', async (_name, answers, roles, outcome, reason) => {
  const played = await playRestore({ work: over, answers: answers ?? [], roles });

  expect(played.ended.outcome).toBe(outcome);
  expect(played.ended.reason).toContain(reason);
  expect(played.bed.names.slice(-4)).toEqual(['restic/swap', 'undo restic/swap', 'restic/destroy', 'place/close']);
});

test('a swap that cannot be undone leaves everything as it is: nobody knows what is live', async () => {
  const played = await playRestore({
    work: over,
    answers: [...approvals, swap],
    roles: { 'restic/swap': () => ({ fails: 'no login' }) },
  });

  expect(played.ended.outcome).toBe('failed');
  expect(played.ended.reason).toContain('nobody knows what is live, and nothing was cleaned up');
  expect(played.bed.names.slice(-2)).toEqual(['restic/swap', 'undo restic/swap']);
});

test('called off after the swap it goes on until somebody confirms or takes it back', async () => {
  const played = await playRestore({
    work: over,
    answers: [...approvals, swap, back],
    calledOffAfterMs: 2 * 3_600_000,
  });

  expect(played.ended.reason).toContain('user/anna took the swap back');
  expect(played.bed.names).toContain('undo restic/swap');
});

test('an original that does not go is for somebody to see to', async () => {
  const played = await playRestore({
    work: over,
    answers: [...approvals, swap, confirm],
    roles: { 'restic/settle': () => ({ fails: 'busy' }) },
  });

  expect(played.ended.outcome).toBe('failed');
  expect(played.ended.reason).toContain('confirmed by user/anna; the original is still in /srv/shop.original');
});

test.each<readonly [string, Roles, string, string, boolean]>([
  [
    'a corrupt backup',
    { 'restic/restore': () => restored({ restored: false, fault: 'backup', reason: 'a pack is corrupt' }) },
    'failed',
    'restore: a pack is corrupt',
    true,
  ],
  ['a run that fails', { 'restic/restore': () => ({ fails: 'no login' }) }, 'blocked', 'no login', false],
  [
    'another place than its own',
    { 'restic/restore': () => restored({ restored: false, fault: 'place', reason: 'marker' }) },
    'blocked',
    'restore: marker',
    false,
  ],
  [
    'a recovery that fails',
    { 'restic/replay': () => replayed({ started: false, fault: 'backup', reason: 'gap' }) },
    'failed',
    'replay: gap',
    true,
  ],
  [
    'an archive that ends before the target',
    { 'restic/restore': () => restored({ earliestMs: 1, latestMs: start - 9 * dayMs }) },
    'failed',
    'the archive ends before the target (it can be recovered to',
    false,
  ],
  [
    'a target where only the backup itself can be restored',
    { 'restic/restore': () => restored({ earliestMs: 0, latestMs: 0 }) },
    'blocked',
    'name no point in time',
    false,
  ],
])(
  'R-DRILL-5: with %s it ends, and says what it means for the backup',
  async (_name, roles, outcome, reason, isBroken) => {
    const played = await playRestore({ roles, work: { targetMs: start - 3_600_000 } });

    expect(played.ended.outcome).toBe(outcome);
    expect(played.ended.reason).toContain(reason);
    expect(played.bed.payloads('backup.broken')).toHaveLength(isBroken ? 1 : 0);
    expect(places(played.bed)).toEqual({ opened: ['b00000000001'], closed: ['b00000000001'] });
  },
);

test('R-DRILL-3: assertions that do not hold are shown to people, who may have nothing else', async () => {
  const roles = { 'restic/assert': () => asserted([result('rows', { ok: false, detail: '8 instead of 9' })]) };
  const beside = await playRestore({ roles });
  const swapped = await playRestore({ roles, work: over, answers: [...approvals, swap, confirm] });

  expect(beside.bed.payloads('task.opened').at(-1)?.show).toMatchObject({ failedAssertions: ['rows: 8 instead of 9'] });
  expect(beside.ended).toMatchObject({ outcome: 'failed', reason: 'it was restored, but "rows" did not hold' });
  expect(swapped.ended.outcome).toBe('succeeded');
});

test('R-DRILL-4: without a manifest nothing is asserted, and that is said', async () => {
  const played = await playRestore({ manifests: {} });

  expect(played.bed.names).not.toContain('restic/assert');
  expect(played.bed.payloads('task.opened').at(-1)?.show).toMatchObject({
    assertions: 'none: no manifest of this backup was kept',
  });
  expect(played.bed.payloads('backup.level')).toEqual([]);
});

test('R-DRILL-7: the evidence of a restore names who approved it', async () => {
  const played = await playRestore({ work: over, answers: [...approvals, swap, confirm] });

  const concluded = played.bed.payloads('backup.step').find(({ what }) => what === 'concluded');
  const evidence = concluded?.detail['evidence'];
  expect(isObject(evidence) ? evidence : {}).toMatchObject({
    backupId: 'bset1',
    operator: 'user/rita',
    approver: 'user/anna, user/omar',
    leftovers: [],
    missing: ['link to the clauses'],
  });
});

test('called off while people are asked, nobody is asked any more', async () => {
  const played = await playRestore({ answers: [], calledOffAfterMs: 3_600_000 });

  expect(played.ended).toMatchObject({ outcome: 'cancelled', reason: 'not needed any more' });
  expect(played.bed.payloads('task.closed')).toMatchObject([{ reason: 'withdrawn' }]);
  expect(played.bed.names).toEqual(['restic/preflight']);
});

test('what is live is not touched before the swap, whenever it is called off, and no place stays', async () => {
  const answers = [...approvals, swap, back];
  const instants = fc.integer({ min: 0, max: 2 * 3_600_000 });

  await fc.assert(
    fc.asyncProperty(instants, async (calledOffAfterMs) => {
      const played = await playRestore({
        work: over,
        answers,
        calledOffAfterMs,
        roles: { 'restic/restore': () => archived },
      });

      const { opened, closed } = places(played.bed);
      expect(closed).toEqual(opened);
      expect(played.ended.outcome).toBe('cancelled');
      const isSwapped = played.bed.names.includes('restic/swap');
      expect(played.bed.names.includes('undo restic/swap')).toBe(isSwapped);
      const open = played.bed.payloads('task.opened').map(({ id }) => id);
      expect(played.bed.payloads('task.closed').map(({ taskId }) => taskId)).toEqual(open);
    }),
    { numRuns: 100 },
  );
});
