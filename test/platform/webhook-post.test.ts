import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { once } from 'node:events';

import axios from 'axios';

import { lookupOf } from '../../platform/http-address';
import { postWebhook } from '../../platform/webhook-post';

let server: Server;
let port: number;
let answer: (response: ServerResponse) => void;
let heard: string[];

beforeEach(async () => {
  heard = [];
  server = createServer((request: IncomingMessage, response) => {
    heard.push(request.headers.host ?? '');
    request.resume().once('end', () => answer(response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const post = () =>
  postWebhook({
    url: new URL(`http://127.0.0.1:${port}/hear`),
    headers: {},
    body: '{}',
    privateAddresses: 'allow',
    signal: new AbortController().signal,
  });

test('postWebhook() tells the status of a receiver that answers with a long page', async () => {
  answer = (response) => response.end('x'.repeat(9_000));

  expect(await post()).toEqual({ status: 200, answer: `200 ${'x'.repeat(200)}` });
});

test('postWebhook() tells the status of a receiver that breaks off after its head', async () => {
  answer = (response) => {
    response.writeHead(503, { 'content-length': '100' }).write('busy');
    setImmediate(() => response.destroy());
  };

  expect(await post()).toMatchObject({ status: 503 });
});

test('lookupOf() connects to the address that was checked, whatever the name is', async () => {
  answer = (response) => response.end('here');

  const { data } = await axios.get<string>(`http://receiver.invalid:${port}/`, {
    lookup: lookupOf({ address: '127.0.0.1', family: 4 }),
    proxy: false,
  });

  expect([data, heard]).toEqual(['here', [`receiver.invalid:${port}`]]);
});

test('postWebhook() refuses a private address where these are refused', async () => {
  const refused = await postWebhook({
    url: new URL(`http://127.0.0.1:${port}/hear`),
    headers: {},
    body: '{}',
    privateAddresses: 'refuse',
    signal: new AbortController().signal,
  });

  expect(refused).toMatchObject({ status: null, answer: expect.stringContaining('127.0.0.1') });
  expect(heard).toEqual([]);
});

test('postWebhook() tells how long the receiver wants to be left alone', async () => {
  answer = (response) => response.writeHead(429, { 'retry-after': '7' }).end();

  expect(await post()).toEqual({ status: 429, answer: '429', retryAfterMs: 7_000 });
});
