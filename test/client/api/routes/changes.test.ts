import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeChanges } from '../../../support/client/fake-changes';
import type { FakeChanges } from '../../../support/client/fake-changes';
import { fakeEngine } from '../../../support/client/fake-engine';
import { createEngine } from '../../../../client/run-engine';
import { signedIn } from '../../../support/client/signed-in';
import { fakeGateway } from '../../../support/client/fake-gateway';
import { taskOpened } from '../../../platform/store/entries';
import { changeEnded, changeState } from '../../../platform/store/change-entries';

let api: TestApi;
let changes: FakeChanges;

beforeEach(async () => {
  api = await testApi(fakeEngine(), undefined, (store) => {
    changes = fakeChanges(store);
    return changes.engine;
  });
});

afterEach(() => api.close());

const draft = {
  model: 'change/normal',
  runbook: 'deploy',
  title: 'Deploy',
  window: { start: '2026-11-24T22:00:00Z', end: '2026-11-25T02:00:00Z' },
};

async function send(method: 'GET' | 'POST', url: string, body?: object, headers: Record<string, string> = {}) {
  const response = await api.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { ...authorized, ...headers },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: response.statusCode, body: response.json() };
}

function open(key = 'k1') {
  return send('POST', '/changes', { draft, requester: 'user/anna' }, { 'idempotency-key': key });
}

test('POST /changes opens one change, however often it is sent under one key', async () => {
  const answers = [await open(), await open()];

  expect(answers).toMatchObject([
    { status: 200, body: { number: 1, phase: 'draft', title: 'Deploy' } },
    { status: 200, body: { number: 1 } },
  ]);
});

test.each([
  ['a draft with a key that nobody knows', { draft: { ...draft, colour: 'red' }, requester: 'user/anna' }],
  [
    'a window without an offset',
    { draft: { ...draft, window: { ...draft.window, start: '2026-11-24T22:00' } }, requester: 'user/anna' },
  ],
  ['a requester that is a team', { draft, requester: 'team/web' }],
])('POST /changes refuses %s', async (_what, body) => {
  expect(await send('POST', '/changes', body)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
});

test.each([
  ['submit', {}, { action: 'submit' }],
  ['edit', { draft }, { action: 'edit', draft, scope: {} }],
  ['revise', { reason: 'wrong' }, { action: 'revise', reason: 'wrong' }],
  [
    'reschedule',
    { start: '1970-01-01T00:00:01Z', end: '1970-01-01T01:00:02+01:00', reason: 'later' },
    { action: 'reschedule', startMs: 1_000, endMs: 2_000, reason: 'later' },
  ],
  ['extend', { end: '1970-01-01T00:00:03Z' }, { action: 'extend', endMs: 3_000, reason: '' }],
  ['cancel', { keep: true }, { action: 'cancel', keep: true, reason: '' }],
  [
    'review',
    { outcome: 'failed', tickets: { a: 'T-1' } },
    { action: 'review', review: { outcome: 'failed', text: '', tickets: { a: 'T-1' } } },
  ],
])('POST /changes/:ref/%s sends the act under the key of the request', async (name, body, action) => {
  const { body: opened } = await open();

  const answer = await send(
    'POST',
    `/changes/CHG-1/${name}`,
    { actor: 'user/ben', ...body },
    { 'idempotency-key': 'a1' },
  );

  expect(answer).toMatchObject({ status: 200, body: { change: { number: 1 }, warnings: [] } });
  const payload = { id: 'a1', actor: 'user/ben', via: 'admin-token', ...action };
  expect(changes.sent).toEqual([{ runId: opened.id, name: 'change', id: 'a1', payload }]);
});

describe('of somebody else', () => {
  test('R-SOD-1: GET /changes/:ref says before anybody tries what is refused to them, and why', async () => {
    await open();
    const [ben, anna] = await Promise.all(
      ['user/ben', 'user/anna'].map((person) => signedIn(api, { person, roles: ['manager'] })),
    );

    const shown = await Promise.all(
      [ben, anna].map((headers) => api.app.inject({ url: '/api/v1/changes/CHG-1', headers: { ...headers } })),
    );

    const reason = "It is user/anna's: open another, or ask them.";
    expect(shown.map((response) => response.json().refused)).toEqual([
      { edit: reason, revise: reason, reschedule: reason },
      {},
    ]);
  });

  const window = { start: '1970-01-01T00:00:01Z', end: '1970-01-01T00:00:02Z' };

  test.each([
    ['edit', { draft }],
    ['revise', {}],
    ['reschedule', window],
  ])(
    'R-SOD-1: POST /changes/:ref/%s is refused: who does it could approve what they have written',
    async (name, body) => {
      await open();
      const [ben, anna] = await Promise.all(
        ['user/ben', 'user/anna'].map((person) => signedIn(api, { person, roles: ['manager'] })),
      );

      const refused = await api.app.inject({
        method: 'POST',
        url: `/api/v1/changes/CHG-1/${name}`,
        headers: { ...ben },
        payload: body,
      });
      const done = await api.app.inject({
        method: 'POST',
        url: `/api/v1/changes/CHG-1/${name}`,
        headers: { ...anna },
        payload: body,
      });

      expect([refused.statusCode, refused.json()]).toMatchObject([
        403,
        {
          code: 'FORBIDDEN',
          detail: `Cannot ${name} change CHG-1: it is user/anna's`,
          hint: expect.stringMatching(/ask/),
        },
      ]);
      expect([done.statusCode, changes.sent.length]).toEqual([200, 1]);
    },
  );
});

test('a refused act is a problem document with its own code, every problem, and a hint', async () => {
  await open();
  const result = {
    accepted: false,
    code: 'CHANGE_CONFLICTS',
    reason: 'Cannot submit CHG-1: it meets others',
    problems: ['host/a: taken'],
  };
  changes.answer({ kind: 'answered', result });

  const answer = await send('POST', '/changes/1/submit', { actor: 'user/anna' });

  expect(answer).toMatchObject({
    status: 409,
    body: {
      title: 'CHANGE_REFUSED',
      code: 'CHANGE_CONFLICTS',
      detail: 'Cannot submit CHG-1: it meets others',
      problems: ['host/a: taken'],
      hint: expect.stringContaining('Reschedule'),
    },
  });
});

test('GET /changes lists by phase and openness, GET /changes/:ref shows one', async () => {
  const { body: first } = await open('k1');
  await open('k2');
  await api.store.journal.append(`run/${first.id}`, [changeState('closed', 5_000)]);

  const all = await send('GET', '/changes');
  const closed = await send('GET', '/changes?phase=closed');
  const still = await send('GET', '/changes?open=true&limit=1');
  const one = await send('GET', '/changes/CHG-2');

  expect(all.body.changes.map(({ number }: { number: number }) => number)).toEqual([2, 1]);
  expect(closed.body.changes).toMatchObject([{ number: 1 }]);
  expect(still.body.changes).toMatchObject([{ number: 2 }]);
  expect(one.body).toMatchObject({ number: 2, tasks: [], timeline: [{ text: expect.stringContaining('opened') }] });
});

test.each([
  ['GET', '/changes/CHG-9'],
  ['GET', '/changes/CHG-9/events'],
  ['POST', '/changes/CHG-9/submit'],
  ['GET', '/runs/CHG-9/journal'],
] as const)('%s %s of a change that nobody knows is not found', async (method, url) => {
  const answer = await send(method, url, method === 'POST' ? { actor: 'user/anna' } : undefined);

  expect(answer).toMatchObject({ status: 404, body: { code: 'CHANGE_NOT_FOUND' } });
});

test('GET /changes/:ref/events tells what happened until the change is over', async () => {
  const { body: opened } = await open();
  await api.store.journal.append(`run/${opened.id}`, [changeState('cancelled', 5_000), changeEnded()]);

  const response = await api.app.inject({ method: 'GET', url: '/api/v1/changes/1/events', headers: authorized });

  expect(response.headers['content-type']).toContain('text/event-stream');
  expect(response.body).toContain('opened as CHG-1');
  expect(response.body).toContain('cancelled: because of cancelled');
  expect(response.body).toContain('event: end');
});

test('the journal of a change is evidence as that of a run is', async () => {
  await open();

  const journal = await send('GET', '/runs/CHG-1/journal');
  const exported = await send('GET', '/runs/CHG-1/export');

  expect(journal.body.entries).toMatchObject([{ kind: 'change.opened' }]);
  expect(exported.body).toMatchObject({ name: 'change-1.journal.jsonl' });
});

test('tasks of a change are found by its name and by the beginning of their ids', async () => {
  const { body: opened } = await open();
  const task = taskOpened({ id: `${opened.id}-1` });
  await api.store.journal.append(`run/${opened.id}`, [task]);
  const real = createEngine({ store: api.store, gateway: fakeGateway(), now: () => 1 });

  const ofChange = await real.tasks({ runId: opened.id });
  const begun = await real.tasks({ begins: opened.id.slice(0, 5) });
  const other = await real.tasks({ begins: `${opened.id}-2` });

  expect([ofChange.length, begun.length, other.length]).toEqual([1, 1, 0]);
  expect(await send('GET', '/tasks?run=CHG-1')).toMatchObject({ status: 200 });
  expect(await send('GET', '/tasks?run=CHG-9')).toMatchObject({ status: 404, body: { code: 'CHANGE_NOT_FOUND' } });
});
