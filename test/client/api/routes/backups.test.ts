import { publishPlan } from '../../../activities/plans/backup-bed';
import { backupFact } from '../../../platform/store/backup-entries';
import { taskOpened } from '../../../platform/store/entries';
import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeBackups } from '../../../support/client/fake-backups';
import type { FakeBackups } from '../../../support/client/fake-backups';
import { fakeEngine } from '../../../support/client/fake-engine';

let api: TestApi;
let backups: FakeBackups;

beforeEach(async () => {
  api = await testApi(fakeEngine(), undefined, undefined, {
    backups: (store) => {
      backups = fakeBackups(store);
      return backups.engine;
    },
  });
});

afterEach(() => api.close());

async function send(method: 'GET' | 'POST', url: string, body?: object) {
  const response = await api.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { ...authorized, 'idempotency-key': 'a1' },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: response.statusCode, body: response.json() };
}

test.each([
  ['run', {}, { action: 'run', backup: null }],
  ['verify', { readPercent: 10 }, { action: 'verify', set: null, level: 'V1', readPercent: 10 }],
  ['forget', {}, { action: 'forget' }],
  [
    'hold',
    { set: 'b1', name: 'audit', kind: 'plain', until: '1970-01-01T01:00:02+01:00', reason: 'r' },
    { action: 'hold', set: 'b1', hold: { name: 'audit', kind: 'plain', untilMs: 2_000, reason: 'r' } },
  ],
  ['release', { set: 'b1', name: 'audit', reason: 'r' }, { action: 'release', set: 'b1', name: 'audit', reason: 'r' }],
  ['restore', { reason: 'r' }, { action: 'restore', set: null, targetMs: -1, over: false, reason: 'r' }],
  [
    'restore',
    { reason: 'r', set: 'b', at: '1970-01-01T00:00:03Z', over: true },
    { action: 'restore', set: 'b1', targetMs: 3_000, over: true, reason: 'r' },
  ],
  ['drill', { seed: 0 }, { action: 'drill', set: null, seed: 0, targetMs: 0 }],
  ['drill', { at: 'latest' }, { action: 'drill', set: null, seed: null, targetMs: -1 }],
  ['pause', { reason: 'r' }, { action: 'pause', reason: 'r' }],
  ['resume', {}, { action: 'resume', reason: '' }],
])('POST /backups/:plan/%s sends the act under the key of the request', async (name, body, action) => {
  await api.store.journal.append('run/b1', [backupFact('backup.set')]);

  const answer = await send('POST', `/backups/shop/${name}`, { actor: 'user/ben', ...body });

  expect(answer).toEqual({ status: 200, body: { plan: 'shop', operation: 'b00000000000a', warnings: [] } });
  const payload = { id: 'a1', actor: 'user/ben', via: 'admin-token', ...action };
  expect(backups.sent).toEqual([{ runId: expect.stringMatching(/^k/), name: 'backupAct', id: 'a1', payload }]);
});

test.each([
  ['a restore without a reason', 'restore', { reason: '' }],
  ['a restore to a time without an offset', 'restore', { reason: 'r', at: '2026-11-21T09:30' }],
  ['a hold of a kind that nobody knows', 'hold', { set: 'b1', name: 'n', kind: 'court', reason: 'r' }],
  ['more than all of a repository', 'verify', { readPercent: 101 }],
  ['a field that nobody knows', 'run', { colour: 'red' }],
])('POST refuses %s', async (_what, name, body) => {
  expect(await send('POST', `/backups/shop/${name}`, { actor: 'user/ben', ...body })).toMatchObject({
    status: 400,
    body: { code: 'REQUEST_INVALID' },
  });
});

test('a refused act is a problem document with the code of the keeper and a hint', async () => {
  backups.answer({ kind: 'rejected', code: 'DRILL_NOT_PLANNED', reason: 'Cannot drill: it has no drill policy' });

  expect(await send('POST', '/backups/shop/drill', { actor: 'user/ben' })).toMatchObject({
    status: 409,
    body: { title: 'BACKUP_REFUSED', code: 'DRILL_NOT_PLANNED', hint: expect.stringContaining('drill policy') },
  });
});

test.each([
  ['GET', '/backups/none', 'BACKUP_PLAN_NOT_FOUND'],
  ['GET', '/backups/none/sets', 'BACKUP_PLAN_NOT_FOUND'],
  ['GET', '/backups/none/retention', 'BACKUP_PLAN_NOT_FOUND'],
  ['GET', '/backup-operations/b9', 'BACKUP_OPERATION_NOT_FOUND'],
  ['GET', '/backup-operations/b9/events', 'BACKUP_OPERATION_NOT_FOUND'],
  ['POST', '/backup-operations/b9/cancel', 'BACKUP_OPERATION_NOT_FOUND'],
  ['GET', '/runs/b9/journal', 'BACKUP_OPERATION_NOT_FOUND'],
] as const)('%s %s is not found', async (method, url, code) => {
  const answer = await send(method, url, method === 'POST' ? { actor: 'user/anna' } : undefined);

  expect(answer).toMatchObject({ status: 404, body: { code } });
});

test('what is published, its sets, its retention, its drills and its score are read', async () => {
  await publishPlan(api.store, 'drill: {}');
  await api.store.journal.append('run/b1', [backupFact('backup.set', { plan: 'sample' })]);

  const plans = await send('GET', '/backups');
  const plan = await send('GET', '/backups/sample');
  const sets = await send('GET', '/backups/sample/sets?limit=5&pruned=true');
  const retention = await send('GET', '/backups/sample/retention');
  const scores = await send('GET', '/backup-scores?service=shop');
  const drills = await send('GET', '/backup-drills?days=3');

  expect(plans.body).toMatchObject({ plans: [{ name: 'sample', lastSet: { id: 'b1' } }] });
  expect(plan.body).toMatchObject({ name: 'sample', inForce: { drill: { isolate: true } } });
  expect(sets.body).toMatchObject({ plan: 'sample', points: [{ id: 'b1', problem: 'it is not at V1' }] });
  expect(retention.body).toMatchObject({ explained: [{ set: 'b1', keep: true }] });
  expect(scores.body).toMatchObject({ scores: [{ plan: 'sample', card: { risk: { kind: 'unbounded' } } }] });
  expect(drills.body).toEqual({ planned: [], past: [] });
});

test('an operation is shown with its steps, assertions and evidence, and exported as evidence (R-DRILL-7)', async () => {
  const evidence = { backupId: 'b1', operator: 'service/backup' };
  await api.store.journal.append('run/b2', [
    backupFact('backup.opened', { kind: 'drill' }),
    backupFact('backup.step', { what: 'planned' }),
    backupFact('backup.step', { what: 'restored', startedAt: 500 }, 1_500),
    backupFact('backup.asserted', { results: [{ name: 'rows', level: 'V5', ok: true, detail: '' }] }),
    taskOpened({ id: 'b2-1' }),
    backupFact('backup.verdict', { evidence }),
    backupFact('backup.ended', { kind: 'drill' }),
  ]);

  const shown = await send('GET', '/backup-operations/b2');
  const listed = await send('GET', '/backup-operations?plan=shop&kind=drill&open=false');
  const exported = await send('GET', '/runs/b2/export');

  expect(shown.body).toMatchObject({
    id: 'b2',
    verdict: { verdict: 'PASS' },
    steps: [{ what: 'restored', startedAt: 500, endedAt: 1_500 }],
    assertions: [{ mutation: '', results: [{ name: 'rows', ok: true }] }],
    evidence,
    tasks: [{ id: 'b2-1' }],
  });
  expect(listed.body).toMatchObject({ operations: [{ id: 'b2' }] });
  expect(exported.body).toMatchObject({ name: 'drill-b2.journal.jsonl' });
});

test('GET /backup-operations leaves out the looks that keepers take, unless they are asked for', async () => {
  await api.store.journal.append('run/b1', [backupFact('backup.opened')]);
  await api.store.journal.append('run/b2', [backupFact('backup.opened', { kind: 'watch' })]);

  const all = await send('GET', '/backup-operations');
  const looks = await send('GET', '/backup-operations?kind=watch');

  expect([all, looks].map(({ body }) => body.operations.map(({ id }: { id: string }) => id))).toEqual([['b1'], ['b2']]);
});

test('GET /backup-operations/:ref/events tells what happened until the operation has ended', async () => {
  const id = 'b00000000000a';
  await api.store.journal.append(`run/${id}`, [backupFact('backup.opened'), backupFact('backup.ended')]);

  const response = await api.app.inject({
    method: 'GET',
    url: `/api/v1/backup-operations/${id}/events`,
    headers: authorized,
  });

  expect(response.headers['content-type']).toContain('text/event-stream');
  expect(response.body).toContain('backup of shop begins');
  expect(response.body).toContain('event: end');
});

test('cancel asks the operation to end', async () => {
  await api.store.journal.append('run/b1', [backupFact('backup.opened')]);

  const answer = await send('POST', '/backup-operations/b1/cancel', { actor: 'user/ben', reason: 'r' });

  expect(answer).toMatchObject({ status: 200, body: { id: 'b1' } });
  expect(backups.calledOff).toEqual([{ id: 'b1', reason: 'called off by user/ben: r' }]);
});

test('GET /metrics tells Prometheus, and nobody without the token', async () => {
  await publishPlan(api.store);

  const refused = await api.app.inject({ method: 'GET', url: '/metrics' });
  const told = await api.app.inject({ method: 'GET', url: '/metrics', headers: authorized });

  expect(refused.statusCode).toBe(401);
  expect(told.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(told.body).toContain('mainstay_backup_rpo_risk_seconds{plan="sample",service="shop"} +Inf\n');
});
