import { z } from 'zod';

import { OutputPage } from '../../client/api/schema';
import { authorized, testApi } from '../support/client/api';
import type { TestApi } from '../support/client/api';
import { fakeEngine } from '../support/client/fake-engine';
import { runCreated, runEnded } from '../support/client/journal';
import { outputPage } from '../support/client/pages';

const runId = 'rabcdefghijkl';
let api: TestApi;

beforeEach(async () => {
  api = await testApi(fakeEngine());
  await api.store.journal.append(`run/${runId}`, [runCreated({ number: 1 })]);
});

afterEach(async () => {
  await api.close();
});

function get(url: string, headers: Readonly<Record<string, string>> = {}) {
  return api.app.inject({ method: 'GET', url: `/api/v1/runs/1/${url}`, headers: { ...authorized, ...headers } });
}

function write(path: string, text: string): Promise<void> {
  return api.store.outputs.write({ runId, path, phase: 'do', generation: 1 }, 'stdout', 0, Buffer.from(text));
}

test('the journal is read page by page, with the head of its chain', async () => {
  await api.store.journal.append(`run/${runId}`, [runEnded()]);

  const first = (await get('journal?limit=1')).json();
  const second = (await get(`journal?after=${first.after}`)).json();

  expect(first.entries.map((entry: { kind: string }) => entry.kind)).toEqual(['run.created']);
  expect(second.entries.map((entry: { kind: string }) => entry.kind)).toEqual(['run.ended']);
  expect(second.head).toEqual(await api.store.journal.head(`run/${runId}`));
});

test('the live journal tells what is there, then what is appended, and ends with the run', async () => {
  const live = get('events');
  await api.store.journal.append(`run/${runId}`, [runEnded()]);

  const { headers, body } = await live;

  expect(headers['content-type']).toBe('text/event-stream');
  expect(messagesOf(body)).toEqual(['1 entry run.created', '2 entry run.ended', 'end']);
});

test('the live journal of a run that was resumed goes past its first end, wherever a page ends (D14)', async () => {
  const resumed = { key: 'run.started/2', kind: 'run.started', at: 3, actor: 'engine', via: 'worker' } as const;
  const notes = Array.from({ length: 498 }, (_, index) => ({
    ...resumed,
    key: `note/${index}`,
    payload: { resumed: false },
  }));
  const again = [
    { ...resumed, payload: { resumed: true } },
    { ...runEnded(), key: 'run.ended/2' },
  ];
  await api.store.journal.append(`run/${runId}`, [...notes, runEnded(), ...again]);

  const told = messagesOf((await get('events')).body);

  expect(told).toHaveLength(503);
  expect(told.slice(-4)).toEqual(['500 entry run.ended', '501 entry run.started', '502 entry run.ended', 'end']);
});

test('a live feed goes on after Last-Event-ID, whatever its address says (D16)', async () => {
  await api.store.journal.append(`run/${runId}`, [runEnded()]);

  const again = await get('events?after=-1', { 'last-event-id': '1' });

  expect(messagesOf(again.body)).toEqual(['2 entry run.ended', 'end']);
});

const late = {
  key: 'lock/released',
  kind: 'lock.released',
  at: 3,
  actor: 'engine',
  via: 'engine',
  payload: { runId, path: 'upgrade', names: ['db'], by: 'engine' },
} as const;

test.each([
  ['the end itself', []],
  ['what came late after it', [late]],
])('a live journal ends also for a listener that has had %s (D16)', async (_what, after) => {
  await api.store.journal.append(`run/${runId}`, [runEnded(), ...after]);
  const { count } = await api.store.journal.head(`run/${runId}`);

  const again = await get('events', { 'last-event-id': String(count) });

  expect(messagesOf(again.body)).toEqual(['end']);
});

test('a live journal goes on for a listener whose last entry asks an ended run to go on (D14)', async () => {
  const asked = { key: 'control/1', kind: 'run.control', at: 3, actor: 'user/anna', via: 'cli' } as const;
  const payload = { action: 'resume', detail: {} } as const;
  await api.store.journal.append(`run/${runId}`, [runEnded(), { ...asked, payload }]);

  const live = get('events', { 'last-event-id': '3' });
  await api.store.journal.append(`run/${runId}`, [{ ...runEnded(), key: 'run.ended/2', at: 9 }]);

  expect(messagesOf((await live).body)).toEqual(['4 entry run.ended', 'end']);
});

test('live logs tell the output as it arrives, filtered, until the run has ended and all is told', async () => {
  await write('upgrade/host:web1/install', 'one');
  await write('upgrade/host:web2/install', 'two');
  const live = get('logs/events?host=web1');
  await write('upgrade/host:web1/check', 'three');
  await api.store.journal.append(`run/${runId}`, [runEnded()]);

  expect(messagesOf((await live).body)).toEqual([
    '1 chunk upgrade/host:web1/install',
    '3 chunk upgrade/host:web1/check',
    'end',
  ]);
});

test.each(['events', 'logs/events'])('GET %s of an unknown run is a problem document, not a stream', async (feed) => {
  const response = await api.app.inject({ method: 'GET', url: `/api/v1/runs/99/${feed}`, headers: authorized });

  expect(response.statusCode).toBe(404);
  expect(response.json()).toMatchObject({ code: 'RUN_NOT_FOUND' });
});

test('logs are filtered by step and host, and the position moves past what was left out', async () => {
  await write('upgrade/host:web1/install', 'one');
  await write('upgrade/host:web2/install', 'two');
  await write('upgrade/host:web1/check', 'three');

  const page = outputPage((await get('logs?host=web1&step=install')).json());

  expect(page.chunks).toEqual(['upgrade/host:web1/install: one']);
  expect(outputPage((await get(`logs?after=${page.after}`)).json()).chunks).toEqual([]);
});

test('logs are complete only after the run has ended and everything was read', async () => {
  await write('say', 'hello');
  expect(outputPage((await get('logs')).json()).complete).toBe(false);
  await api.store.journal.append(`run/${runId}`, [runEnded()]);

  const page = outputPage((await get('logs')).json());
  const last = outputPage((await get(`logs?after=${page.after}`)).json());

  expect(page).toMatchObject({ chunks: ['say: hello'], complete: false });
  expect(last).toMatchObject({ chunks: [], complete: true });
});

test('logs of a run whose output was deleted say so, and the journal stands', async () => {
  await write('say', 'hello');
  await api.store.journal.append(`run/${runId}`, [runEnded()]);
  const before = OutputPage.parse((await get('logs')).json());

  await api.store.retention.expire(Date.now() + 1_000, new AbortController().signal);

  const after = OutputPage.parse((await get('logs')).json());
  expect([before.expired, after.expired]).toEqual([false, true]);
  expect(after).toMatchObject({ chunks: [], complete: true });
  expect((await get('journal')).json().entries).toHaveLength(2);
});

const Told = z.object({ kind: z.string().optional(), path: z.string().optional() });

/** A stream as text: `id event what`. */
function messagesOf(body: string): readonly string[] {
  const blocks = body.split('\n\n').filter((block) => block.includes('data:'));
  return blocks.map((block) => {
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
    const { kind, path } = Told.parse(JSON.parse(field('data')));
    return [field('id'), field('event'), kind ?? path ?? ''].filter((part) => part !== '').join(' ');
  });
}
