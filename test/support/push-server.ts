import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { once } from 'node:events';

export interface PushedCall {
  readonly method: string;
  /** With what follows the question mark. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface PushAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A service on loopback that takes messages by HTTP. */
export interface PushServer {
  readonly url: string;
  readonly received: PushedCall[];
  /** The next call is answered so, whatever it is; null: taken, and the line breaks before the answer. */
  next(answer: PushAnswer | null): void;
  close(): Promise<void>;
}

/** `take`: how the service answers a call. */
export async function openPushServer(
  take: (call: PushedCall) => PushAnswer = () => ({ status: 200 }),
): Promise<PushServer> {
  const received: PushedCall[] = [];
  const planned: (PushAnswer | null)[] = [];
  const server = createServer((request, response) => {
    void callOf(request).then((call) => {
      received.push(call);
      const plan = planned.shift();
      const answer = plan ?? take(call);
      if (plan === null) return response.destroy();
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      return response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    received,
    next: (answer) => void planned.push(answer),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function callOf(request: IncomingMessage): Promise<PushedCall> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const { method = '', url = '', headers } = request;
  return { method, path: url, headers, text: Buffer.concat(parts).toString('utf8') };
}
