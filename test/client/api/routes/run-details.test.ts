import { createEngine } from '../../../../client/run-engine';
import { streamOf } from '../../../../workflows/domain/streams';
import { hostEnded, runCreated, runEnded, stepEnded, stepStarted, taskOpened } from '../../../platform/store/entries';
import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeGateway } from '../../../support/client/fake-gateway';

let api: TestApi;
const run = 'rabcdefghijkl';

beforeEach(async () => {
  api = await testApi((store) => createEngine({ store, gateway: fakeGateway(), now: () => 1_000 }));
});

afterEach(() => api.close());

async function ask(url: string, headers: Record<string, string> = {}) {
  const response = await api.app.inject({
    method: 'GET',
    url: `/api/v1${url}`,
    headers: { ...authorized, ...headers },
  });
  return { status: response.statusCode, headers: response.headers, text: response.body };
}

async function tell(url: string, payload: object, key: string) {
  const headers = { ...authorized, 'idempotency-key': key };
  const response = await api.app.inject({ method: 'POST', url: `/api/v1${url}`, headers, payload });
  return { status: response.statusCode, body: response.json() };
}

test('2,000 hosts are one answer of less than 400 kB', async () => {
  const hosts = Array.from({ length: 2_000 }, (_, index) => hostEnded(`web-${index}.example.com`));
  await api.store.journal.append(streamOf(run), [runCreated(), stepStarted(), ...hosts]);

  const { status, text } = await ask('/runs/1/hosts?step=install');

  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ next: null });
  expect(JSON.parse(text).hosts).toHaveLength(2_000);
  expect(text.length).toBeLessThan(400_000);
});

test('pages of hosts go on where the last one ended, and hold what was asked for', async () => {
  const failed = { status: 'failed', changed: false, exitCode: 1 } as const;
  await api.store.journal.append(streamOf(run), [
    runCreated(),
    hostEnded('a'),
    hostEnded('b', { ...failed, error: { code: 'COMMAND_FAILED', message: 'Cannot run: exit code 1' } }),
    hostEnded('c', failed),
    hostEnded('d', failed),
  ]);

  const first = JSON.parse((await ask('/runs/1/hosts?status=failed&limit=2')).text);
  const second = JSON.parse(
    (await ask(`/runs/1/hosts?status=failed&limit=2&after=${encodeURIComponent(first.next)}`)).text,
  );

  expect(first.hosts).toEqual([
    {
      host: 'b',
      step: 'install',
      path: 'install/host:b',
      status: 'failed',
      exitCode: 1,
      durationMs: 500,
      error: { code: 'COMMAND_FAILED', message: 'Cannot run: exit code 1' },
    },
    { host: 'c', step: 'install', path: 'install/host:c', status: 'failed', exitCode: 1, durationMs: 500 },
  ]);
  expect(second).toMatchObject({ hosts: [{ host: 'd' }], next: null });
});

test('steps are told without their hosts', async () => {
  await api.store.journal.append(streamOf(run), [runCreated(), stepStarted(), hostEnded('a'), stepEnded()]);

  const { steps } = JSON.parse((await ask('/runs/1/steps')).text);

  expect(steps).toEqual([
    expect.objectContaining({ path: 'install', status: 'succeeded', counts: expect.any(Object) }),
  ]);
  expect(steps[0]).not.toHaveProperty('hosts');
});

test.each([
  ['all of it', {}, 200, 'hello world', undefined],
  ['the first bytes', { range: 'bytes=0-4' }, 206, 'hello', 'bytes 0-4/11'],
  ['the rest', { range: 'bytes=6-' }, 206, 'world', 'bytes 6-10/11'],
  ['the last bytes', { range: 'bytes=-3' }, 206, 'rld', 'bytes 8-10/11'],
  ['what nobody can read as a range is all of it', { range: 'lines=1-2' }, 200, 'hello world', undefined],
])('output is sent as bytes: %s', async (_what, headers, status, text, range) => {
  await api.store.journal.append(streamOf(run), [runCreated()]);
  const address = { runId: run, path: 'install', phase: 'do', generation: 1 };
  await api.store.outputs.write(address, 'stdout', 0, Buffer.from('hello '));
  await api.store.outputs.write(address, 'stdout', 6, Buffer.from('world'));

  const reply = await ask('/runs/1/output?path=install', headers);

  expect({ status: reply.status, text: reply.text, range: reply.headers['content-range'] }).toEqual({
    status,
    text,
    range,
  });
  expect(reply.headers['x-content-type-options']).toBe('nosniff');
});

test('bytes beyond the end are refused, and a download has a name of its own', async () => {
  await api.store.journal.append(streamOf(run), [runCreated()]);

  const beyond = await ask('/runs/1/output?path=install', { range: 'bytes=5-' });
  const named = await ask('/runs/1/output?path=a%2Fb&download=true');

  expect(beyond.status).toBe(416);
  expect(named.headers['content-disposition']).toBe('attachment; filename="run-1-a_b.stdout.txt"');
});

test('verification says that the journal stands, and where it was changed', async () => {
  await api.store.journal.append(streamOf(run), [runCreated(), runEnded()]);

  const sound = JSON.parse((await ask('/runs/1/verify')).text);

  expect(sound).toMatchObject({ ok: true, count: 2, problems: [] });
});

test('a comment is journaled and shown with the task; the same key again is the same comment, another text a conflict', async () => {
  await api.store.journal.append(streamOf(run), [runCreated(), taskOpened({ id: `${run}/approve` })]);
  const url = `/tasks/${encodeURIComponent(`${run}/approve`)}`;
  const said = { actor: 'user/anna', text: 'The window moved' };

  const first = await tell(`${url}/comments`, said, 'k1');
  const again = await tell(`${url}/comments`, said, 'k1');
  const other = await tell(`${url}/comments`, { ...said, text: 'Something else' }, 'k1');
  const shown = JSON.parse((await ask(url)).text);

  expect(first).toMatchObject({ status: 200, body: { actor: 'user/anna', text: 'The window moved' } });
  expect(again).toEqual(first);
  expect(other).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_CONFLICT' } });
  expect(shown).toMatchObject({ subject: 'run 1', comments: [{ text: 'The window moved' }] });
});

test('the journal over everything is told newest first, page by page, none twice and none left out', async () => {
  for (const [id, number] of [
    ['ra', 1],
    ['rb', 2],
  ] as const)
    await api.store.journal.append(streamOf(id), [
      runCreated({ number }, 1_000),
      stepStarted({}, 2_000),
      runEnded({}, 3_000),
    ]);

  const found: string[] = [];
  let cursor = '';
  for (let page = 0; page < 10; page += 1) {
    const { entries, next } = JSON.parse((await ask(`/journal?limit=4&${cursor}`)).text);
    found.push(...entries.map(({ process, kind }: { process: string; kind: string }) => `${process} ${kind}`));
    if (next === null) break;
    cursor = `cursor=${next}`;
  }

  expect(found).toEqual([
    'rb run.ended',
    'ra run.ended',
    'rb step.started',
    'ra step.started',
    'rb run.created',
    'ra run.created',
  ]);
});

test.each([
  ['kind=run.ended', ['run.ended']],
  ['actor=user/nobody', []],
  ['process=1&kind=run.created,run.ended', ['run.ended', 'run.created']],
  ['from=1970-01-01T00:00:02Z&until=1970-01-01T00:00:03Z', ['step.started']],
])('the journal over everything can be asked for %s', async (query, kinds) => {
  await api.store.journal.append(streamOf(run), [runCreated({}, 1_000), stepStarted({}, 2_000), runEnded({}, 3_000)]);

  const { entries } = JSON.parse((await ask(`/journal?${query}`)).text);

  expect(entries.map(({ kind }: { kind: string }) => kind)).toEqual(kinds);
});

test('a cursor of another list is refused', async () => {
  expect((await ask('/journal?cursor=abc')).status).toBe(400);
});
