import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';

import { findProgram, listens, startComponent } from '../../support/component';
import type { Component } from '../../support/component';
import { startFleet } from '../../support/fleet/fleet';
import type { Fleet, FleetHost } from '../../support/fleet/fleet';
import { hostNamed, openLibrary } from './library-stage';
import type { LibraryStage } from './library-stage';

const run = promisify(execFile);
const port = 8443;
const serverName = 'shop.test';

let fleet: Fleet;
let host: FleetHost;
let nginx: Component;
let library: LibraryStage;
let directory: string;

beforeAll(async () => {
  fleet = await startFleet({ hosts: 1, names: ['web1'] });
  host = hostNamed(fleet, 'web1');
  directory = join(host.home, 'tls');
  await mkdir(directory);
  await issue('served', 90);
  await writeFile(join(directory, 'nginx.conf'), nginxText());
  const { uid, gid } = await stat(host.home);
  await run('chown', ['-R', `${uid}:${gid}`, directory]);
  nginx = await startComponent({
    program: findProgram('nginx', 'nginx'),
    args: ['-e', join(directory, 'error.log'), '-p', `${directory}/`, '-c', 'nginx.conf'],
    logFile: join(directory, 'log'),
    owner: { uid, gid },
    ready: () => listens(port, host.address),
  });
  library = await openLibrary({ fleet, groups: { web1: ['web'] }, grants: ['file:'] });
}, 60_000);

afterAll(async () => {
  await library.close();
  await nginx.stop();
  await fleet.stop();
});

/** A chain of a new authority and a new key: `NAME.pem`, `NAME.key`. */
async function issue(name: string, days: number): Promise<void> {
  const openssl = findProgram('openssl', 'openssl');
  const at = (file: string): string => join(directory, file);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const ca = ['-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', `/CN=authority of ${name}`, '-days', '400'];
  await run(openssl, ['req', '-x509', ...key, ...ca]);
  const leaf = ['-keyout', at(`${name}.key`), '-out', at('leaf.pem'), '-subj', `/CN=${serverName}`, '-days', `${days}`];
  await run(openssl, ['req', '-x509', ...key, ...leaf, '-CA', at('ca.pem'), '-CAkey', at('ca.key')]);
  await writeFile(at(`${name}.pem`), (await readFile(at('leaf.pem'), 'utf8')) + (await readFile(at('ca.pem'), 'utf8')));
}

function nginxText(): string {
  return `daemon off;
pid pid;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen ${host.address}:${port} ssl;
    ssl_certificate served.pem;
    ssl_certificate_key served.key;
    return 200 ok;
  }
}
`;
}

async function replace(name: string, more: { readonly reload?: readonly string[]; readonly key?: string } = {}) {
  const nginxReload = [findProgram('nginx', 'nginx'), '-e', join(directory, 'error.log'), '-p', `${directory}/`];
  return library.run('certificates/replace', {
    hosts: 'web',
    chain: await readFile(join(directory, `${name}.pem`), 'utf8'),
    key: `file:${join(directory, `${more.key ?? name}.key`)}`,
    chainPath: join(directory, 'served.pem'),
    keyPath: join(directory, 'served.key'),
    reload: more.reload ?? [...nginxReload, '-c', 'nginx.conf', '-s', 'reload'],
    serverName,
    port,
    servedWithin: 'PT2S',
  });
}

/** Who issued what a client is served. */
function served(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host.address, port, servername: serverName, rejectUnauthorized: false }, () => {
      resolve([socket.getPeerCertificate().issuer.CN].flat().join());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

const files = (): Promise<readonly string[]> =>
  Promise.all(['served.pem', 'served.key'].map((name) => readFile(join(directory, name), 'utf8')));

test('a renewed certificate is served with its chain, as a handshake proves (R-CERT-1)', async () => {
  await issue('renewed', 90);

  const { outcome, outputs } = await replace('renewed');

  expect([outcome, outputs]).toEqual(['succeeded', { hosts: 1 }]);
  expect(await served()).toBe('authority of renewed');
  expect((await stat(join(directory, 'served.key'))).mode & 0o777).toBe(0o600);
});

test('a certificate that lives longer than public ones may is refused before anything changes (R-CERT-1)', async () => {
  await issue('long', 365);
  const before = await files();

  const { outcome, error } = await replace('long');

  expect([outcome, error?.message]).toEqual(['failed', expect.stringContaining('EXIT_CODE')]);
  expect(await files()).toEqual(before);
});

test('a key of another certificate is refused before anything changes (R-CERT-1)', async () => {
  await issue('other', 90);
  const before = await files();

  expect((await replace('other', { key: 'long' })).outcome).toBe('failed');
  expect(await files()).toEqual(before);
});

test('a certificate that is in place and not served is taken back (R-CERT-1, R-ROLL-8)', async () => {
  await issue('silent', 90);
  const before = await files();

  // A reload that reports success and does nothing.
  const { outcome } = await replace('silent', { reload: ['true'] });

  expect(outcome).toBe('undone');
  expect(await files()).toEqual(before);
  expect(await served()).toBe('authority of renewed');
}, 60_000);
