import { once } from 'node:events';
import { createServer } from 'node:http';

import { Connection } from '../../../client/typed/connection';

test.each<[string, string]>([
  ['tells where it is before anything happens', 'id: 4\n: quiet\n\n'],
  ['lets a slow listener go', 'event: slow\ndata: {}\n\n'],
  ['says that something is not kept any more', 'id: 4\nevent: gap\ndata: {}\n\n'],
])('a feed that %s is listened to again, and nothing of that is an event', async (_what, first) => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const lastEventId = request.headers['last-event-id'];
    asked.push(typeof lastEventId === 'string' ? lastEventId : undefined);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(asked.length === 1 ? first : 'id: 5\nevent: events\ndata: 7\n\nevent: end\ndata: {}\n\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const access = {
    locate: () => Promise.resolve({ url, token: 't' }),
    note: () => undefined,
    pause: () => Promise.resolve(),
  };
  const heard: string[] = [];

  for await (const value of new Connection(access).feed('/events', (json) => json)) heard.push(value);
  server.close();

  expect(heard).toEqual(['7']);
  expect(asked).toEqual([undefined, first.startsWith('id: 4') ? '4' : undefined]);
});

test('a download that breaks off in the middle is received from its beginning again', async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    if (asked > 1) return void response.end('one two');
    response.write('one ', () => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const locate = () => Promise.resolve({ url, token: 't' });
  const connection = new Connection({ locate, note: () => undefined, pause: () => Promise.resolve() });
  const began: number[] = [];

  const text = await connection.receive('/file', async (body) => {
    began.push(asked);
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece);
    return Buffer.concat(pieces).toString('utf8');
  });
  server.close();

  expect([text, began]).toEqual(['one two', [1, 2]]);
});
