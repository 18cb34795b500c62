import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent, get as getSecurely } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';

import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';

import { loopbackPerimeter, guardPerimeter, perimeterOptions } from '../../../client/api/perimeter';
import { listen } from '../../../client/api/server';
import type { Listening } from '../../../client/api/server';
import { createTlsServer } from '../../../client/api/tls';
import type { ApiSettings, ApiTlsSettings } from '../../../platform/api-settings';
import { createLogger } from '../../../platform/logger';
import { makeCertificate } from '../../support/certificate';

const silent = createLogger('test', 'silent');
const alone: ApiSettings = { port: null, host: '127.0.0.1', tls: null, trustedProxies: [] };

let folder: string;
let tls: Pick<ApiTlsSettings, 'certificateFile' | 'keyFile'>;
let app: FastifyInstance;
let listening: Listening | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-tls-'));
  tls = await makeCertificate(folder, 'mainstay.test');
}, 30_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(() => {
  const perimeter = { ...loopbackPerimeter, publicUrl: 'https://mainstay.test' };
  app = fastify(perimeterOptions(perimeter));
  guardPerimeter(app, perimeter, 'token');
  app.get('/', (request) => ({ protocol: request.protocol }));
});

afterEach(async () => {
  await listening?.stop();
  listening = null;
});

interface Answer {
  readonly status: number;
  readonly hsts: string | undefined;
  readonly body: unknown;
  readonly subject: string | null;
}

async function ask(url: string, ca: Buffer): Promise<Answer> {
  const request = url.startsWith('https:')
    ? getSecurely(url, { ca, servername: 'mainstay.test', agent: new Agent({ keepAlive: false }) })
    : get(url);
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (response === undefined) throw new Error('no response');
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(Buffer.from(part));
  const { socket } = response;
  return {
    status: response.statusCode ?? 0,
    hsts: response.headers['strict-transport-security'],
    body: JSON.parse(Buffer.concat(parts).toString()),
    subject: socket instanceof TLSSocket ? String(socket.getPeerCertificate().subject?.CN) : null,
  };
}

test('without settings the API listens on loopback alone', async () => {
  listening = await listen(app, alone, silent);

  expect(listening).toMatchObject({ url: `http://127.0.0.1:${listening.port}`, outerUrl: null });
  expect(app.addresses()).toEqual([expect.objectContaining({ address: '127.0.0.1' })]);
});

test('with a certificate others come by TLS, and this machine as before', async () => {
  const ca = await readFile(tls.certificateFile);
  listening = await listen(app, { ...alone, tls: { ...tls, port: 0 } }, silent);

  const [inner, outer] = [await ask(listening.url, ca), await ask(listening.outerUrl ?? '', ca)];

  expect(inner).toEqual({ status: 200, hsts: undefined, body: { protocol: 'http' }, subject: null });
  expect(outer).toEqual({
    status: 200,
    hsts: 'max-age=63072000',
    body: { protocol: 'https' },
    subject: 'mainstay.test',
  });
});

test('behind a proxy it listens where the proxy looks for it, and on loopback', async () => {
  const ca = await readFile(tls.certificateFile);
  listening = await listen(app, { ...alone, host: '127.0.0.9', trustedProxies: ['127.0.0.9'] }, silent);

  expect(listening.outerUrl).toBe(`http://127.0.0.9:${listening.port}`);
  expect((await ask(listening.url, ca)).status).toBe(200);
  expect((await ask(listening.outerUrl ?? '', ca)).status).toBe(200);
});

test('what listens everywhere listens on loopback, too', async () => {
  listening = await listen(app, { ...alone, host: '0.0.0.0', trustedProxies: ['10.0.0.7'] }, silent);

  expect(listening.outerUrl).toBe(`http://0.0.0.0:${listening.port}`);
  expect((await ask(listening.url, Buffer.alloc(0))).status).toBe(200);
});

test('a port that is taken, and a certificate that cannot be used, end the start with their names', async () => {
  const taken = await listen(app, { ...alone, tls: { ...tls, port: 0 } }, silent);
  const port = Number(new URL(taken.outerUrl ?? '').port);
  const [second, third] = [fastify(), fastify()];

  await expect(listen(second, { ...alone, tls: { ...tls, port } }, silent)).rejects.toThrow(
    `Cannot listen on 127.0.0.1:${port}`,
  );
  const wrong = { ...tls, keyFile: tls.certificateFile, port: 0 };
  await expect(listen(third, { ...alone, tls: wrong }, silent)).rejects.toThrow(tls.certificateFile);

  await Promise.all([taken.stop(), second.close(), third.close()]);
});

test('a certificate that was renewed is used by new connections, and open ones go on', async () => {
  const own = { certificateFile: join(folder, 'own.crt'), keyFile: join(folder, 'own.key'), port: 0 };
  await copyFile(tls.certificateFile, own.certificateFile);
  await copyFile(tls.keyFile, own.keyFile);
  const { server, reload, stopWatching } = await createTlsServer(
    own,
    (_request, response) => response.end('{}'),
    silent,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const viaOpen = async (): Promise<unknown> => {
    const [response]: IncomingMessage[] = await once(
      getSecurely(url, { agent, ca: await readFile(tls.certificateFile), servername: 'mainstay.test' }),
      'response',
    );
    const port = response?.socket.localPort;
    response?.resume();
    await once(response ?? server, 'end');
    return port;
  };
  const before = await viaOpen();
  const renewed = await makeCertificate(folder, 'renewed.test');

  await copyFile(renewed.certificateFile, own.certificateFile);
  const between = await reload();
  await copyFile(renewed.keyFile, own.keyFile);
  const after = await reload();
  const again = await reload();

  expect([between, after, again]).toEqual([false, true, false]);
  expect(await viaOpen()).toBe(before);
  const ca = await readFile(renewed.certificateFile);
  const [response]: IncomingMessage[] = await once(
    getSecurely(url, { ca, servername: 'renewed.test', agent: new Agent() }),
    'response',
  );
  expect(response?.statusCode).toBe(200);
  response?.resume();
  await writeFile(own.certificateFile, 'broken');
  expect(await reload()).toBe(false);
  stopWatching();
  agent.destroy();
  server.close();
  server.closeAllConnections();
});
