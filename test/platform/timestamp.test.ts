import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { der, derElements } from '../../platform/der';
import { timestamp } from '../../platform/timestamp';

const text = 'a checkpoint';

let folder = '';
let server: Server;
let url = '';
/** What the authority does with the next request: the real one, unless a test says otherwise. */
let answer: (query: Buffer) => { readonly status: number; readonly body: Buffer };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-tsa-'));
  makeAuthority();
  server = createServer((request, response) => {
    void bodyOf(request).then((query) => {
      const { status, body } = answer(query);
      response.writeHead(status, { 'content-type': 'application/timestamp-reply' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/tsa`;
});
beforeEach(() => {
  answer = (query) => ({ status: 200, body: reply(query) });
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('timestamp()', () => {
  test('answers what openssl accepts as the stamp of an authority for that text, and for no other', async () => {
    const token = await timestamp(url, text);

    writeFileSync(join(folder, 'stamp.tsr'), token);
    expect(opensslVerifies(text)).toBe(true);
    expect(opensslVerifies('another checkpoint')).toBe(false);
  });

  test('does not take the stamp that the authority gave for another request', async () => {
    const earlier = Buffer.from(await timestamp(url, text));
    answer = () => ({ status: 200, body: earlier });

    await expect(timestamp(url, text)).rejects.toThrow(
      /Cannot get a time stamp from ".*": its answer is for another request/,
    );
  });

  test.each([
    ['refuses', { status: 200, body: der(0x30, der(0x30, der(0x02, Buffer.of(2)))) }, 'it refuses with status 2'],
    ['is not well', { status: 503, body: Buffer.from('busy') }, 'it answers with status 503'],
    ['is a web page', { status: 200, body: Buffer.from('<html></html>') }, 'its answer is no time stamp'],
    ['says nothing', { status: 200, body: Buffer.alloc(0) }, 'its answer is no time stamp'],
  ])('an authority that %s gives none', async (_what, given, found) => {
    answer = () => given;

    await expect(timestamp(url, text)).rejects.toThrow(found);
  });
});

test('derElements() reads what der() writes, of any length', () => {
  for (const length of [0, 1, 127, 128, 255, 256, 70_000]) {
    const content = Buffer.alloc(length, 7);

    expect(derElements(der(0x04, content))).toEqual([{ tag: 0x04, content }]);
  }
  expect(derElements(Buffer.from('30820005', 'hex'))).toEqual([]);
});

/** A certificate for time stamping, signed by itself, as `openssl ts` wants it. */
function makeAuthority(): void {
  writeFileSync(
    join(folder, 'openssl.cnf'),
    `[req]
distinguished_name = name
x509_extensions = stamping
prompt = no
[name]
CN = Test authority
[stamping]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = authority
[authority]
serial = ${join(folder, 'serial')}
crypto_device = builtin
signer_cert = ${join(folder, 'authority.pem')}
signer_key = ${join(folder, 'authority.key')}
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
`,
  );
  writeFileSync(join(folder, 'serial'), '01\n');
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-keyout',
    'authority.key',
    '-out',
    'authority.pem',
  );
}

function reply(query: Buffer): Buffer {
  writeFileSync(join(folder, 'query.tsq'), query);
  openssl('ts', '-reply', '-queryfile', 'query.tsq', '-out', 'reply.tsr');
  return readFileSync(join(folder, 'reply.tsr'));
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', [...args, '-config', 'openssl.cnf'], { cwd: folder, stdio: 'pipe' });
}

function opensslVerifies(data: string): boolean {
  writeFileSync(join(folder, 'data.txt'), data);
  const args = ['ts', '-verify', '-data', 'data.txt', '-in', 'stamp.tsr', '-CAfile', 'authority.pem'];
  return spawnSync('openssl', args, { cwd: folder, stdio: 'pipe' }).status === 0;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
