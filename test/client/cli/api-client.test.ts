import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import { z } from 'zod';

import { ApiClient } from '../../../client/cli/api-client';
import { RequestError } from '../../../client/api/errors';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let answers: Answer[];
let keys: (string | undefined)[];
let lastEventIds: (string | undefined)[];
let notes: string[];
let here: boolean;

beforeEach(async () => {
  answers = [];
  keys = [];
  lastEventIds = [];
  notes = [];
  here = true;
  server = createServer((request, response) => {
    keys.push(String(request.headers['idempotency-key']));
    lastEventIds.push(request.headers['last-event-id']?.toString());
    const answer = answers.shift() ?? die;
    request.resume().once('end', () => answer(request, response));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

/** As a process that is killed: the line breaks off. */
const die: Answer = (request) => void request.socket.destroy();

function reply(status: number, body: unknown): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
}

function stream(text: string, how: 'ends' | 'dies'): Answer {
  return (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text, () => (how === 'dies' ? request.socket.destroy() : response.end()));
  };
}

function client(signal: AbortSignal | null = null): ApiClient {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const access = {
    locate: async () => {
      if (!here) throw new RequestError('NOT_CONNECTED', 'Cannot reach the engine: it is not running');
      return { url: `http://127.0.0.1:${port}`, token: 't' };
    },
    note: (text: string) => void notes.push(text),
    // Whatever was gone is back after the first pause.
    pause: async () => void (here = true),
  };
  const api = new ApiClient(access);
  return signal === null ? api : api.until(signal);
}

const Ok = z.object({ ok: z.literal(true) });
const problem = { type: 'p', title: 'p', detail: 'Cannot do it: reason', hint: 'do this', requestId: 'r' };

test('a POST whose API dies is sent again with the same idempotency key, and the user is told', async () => {
  answers = [die, die, reply(200, { ok: true })];

  expect(await client().post('/runs', { body: {} }, Ok)).toEqual({ ok: true });

  expect(new Set(keys).size).toBe(1);
  expect(keys).toHaveLength(3);
  expect(notes).toEqual([
    expect.stringMatching(/^Cannot reach the engine at http.*: no answer; trying again for 120 s$/),
    'The engine answers again',
  ]);
});

test('two POSTs have two idempotency keys', async () => {
  answers = [reply(200, { ok: true }), reply(200, { ok: true })];

  await client().post('/runs', { body: {} }, Ok);
  await client().post('/runs', { body: {} }, Ok);

  expect(new Set(keys).size).toBe(2);
});

test('a request outlives a restart of everything: the engine is looked for anew', async () => {
  here = false;
  answers = [reply(200, { ok: true })];

  expect(await client().get('/runs', {}, Ok)).toEqual({ ok: true });
  expect(notes[0]).toContain('it is not running; trying again');
});

test('an engine that is unavailable for the moment is asked again; a refusal is an answer', async () => {
  answers = [
    reply(503, { ...problem, status: 503, code: 'ENGINE_UNAVAILABLE' }),
    reply(409, { ...problem, status: 409, code: 'RUN_CLOSED' }),
  ];

  await expect(client().post('/runs/1/control', { body: {} }, Ok)).rejects.toMatchObject({ code: 'RUN_CLOSED' });
  expect(keys).toHaveLength(2);
});

test('patience has an end', async () => {
  await expect(client().get('/runs', {}, Ok)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
});

test('a feed whose line breaks goes on after the last event that came, until the engine says that it ends', async () => {
  answers = [
    stream('id: 1\nevent: entry\ndata: {"n":1}\n\nid: 2\nevent: entry\ndata: {"n":2}\n\nid: 3\nda', 'dies'),
    die,
    stream('id: 3\nevent: entry\ndata: {"n":3}\n\nevent: end\ndata: {}\n\n', 'ends'),
  ];
  const read: number[] = [];

  for await (const { n } of client().feed('/runs/1/events', {}, z.object({ n: z.number() }))) read.push(n);

  expect(read).toEqual([1, 2, 3]);
  expect(notes).toEqual([expect.stringContaining('its answer broke off; trying again'), 'The engine answers again']);
  expect(lastEventIds).toEqual([undefined, '2', '2']);
});

test('a feed that stands again is told at once, though nothing happens yet', async () => {
  answers = [die, stream(': open\n\n', 'ends'), stream('event: end\ndata: {}\n\n', 'ends')];

  expect(await client().feed('/runs/1/events', {}, Ok).next()).toMatchObject({ done: true });

  expect(notes.filter((note) => note === 'The engine answers again')).toHaveLength(2);
});

test('a feed of an engine that is unavailable for the moment is asked for again; only a line that stands is an answer', async () => {
  const away = reply(503, { ...problem, status: 503, code: 'ENGINE_UNAVAILABLE' });
  answers = [away, away, stream('event: end\ndata: {}\n\n', 'ends')];

  expect(await client().feed('/runs/1/events', {}, Ok).next()).toMatchObject({ done: true });

  expect(notes).toEqual([expect.stringContaining('trying again'), 'The engine answers again']);
});

test('a feed that is refused says why', async () => {
  answers = [reply(404, { ...problem, status: 404, code: 'RUN_NOT_FOUND' })];

  const feed = client().feed('/runs/1/events', {}, Ok);

  await expect(feed.next()).rejects.toMatchObject({ code: 'RUN_NOT_FOUND', hint: 'do this' });
});

test('a feed ends without an error when its listener lets go', async () => {
  const letGo = new AbortController();
  answers = [stream('id: 1\nevent: entry\ndata: {"ok":true}\n\n', 'dies')];
  const feed = client(letGo.signal).feed('/runs/1/events', {}, Ok);

  await feed.next();
  letGo.abort();

  expect(await feed.next()).toMatchObject({ done: true });
});
