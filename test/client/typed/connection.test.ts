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
