import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Attribute, Change, Client } from 'ldapts';

import { freePort } from '../../platform/free-port';
import { makeCertificate } from './certificate';
import { findProgram, listens, startComponent } from './component';

/** A real OpenLDAP server on loopback, with people and groups that a test changes while it runs. */
export interface Slapd {
  readonly url: string;
  readonly secureUrl: string;
  readonly certificateFile: string;
  readonly base: string;
  readonly adminDn: string;
  readonly adminPassword: string;
  addPerson(login: string, ou?: string): Promise<string>;
  addGroup(name: string, members: readonly string[]): Promise<void>;
  setMembers(name: string, members: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

const base = 'dc=test';
const adminDn = `cn=admin,${base}`;
const adminPassword = 'directory-password';

export async function startSlapd(): Promise<Slapd> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-ldap-'));
  await mkdir(join(folder, 'db'));
  const { certificateFile, keyFile } = await makeCertificate(folder, 'directory.test');
  const [port, securePort] = [await freePort(), await freePort()];
  const [url, secureUrl] = [`ldap://127.0.0.1:${port}`, `ldaps://127.0.0.1:${securePort}`];
  const settings = join(folder, 'slapd.conf');
  await writeFile(settings, settingsText(folder, { certificateFile, keyFile }));
  const component = await startComponent({
    program: findProgram('slapd', 'slapd'),
    args: ['-f', settings, '-h', `${url}/ ${secureUrl}/`, '-d', '0'],
    logFile: join(folder, 'log'),
    ready: async () => (await listens(port, '127.0.0.1')) && (await listens(securePort, '127.0.0.1')),
  });
  const asAdmin = <T>(work: (client: Client) => Promise<T>): Promise<T> => withClient(url, work);
  await asAdmin((client) => client.add(base, { objectClass: ['domain'], dc: 'test' }));
  for (const ou of ['people', 'groups', 'robots'])
    await asAdmin((client) => client.add(`ou=${ou},${base}`, { objectClass: ['organizationalUnit'], ou }));
  return {
    url,
    secureUrl,
    certificateFile,
    base,
    adminDn,
    adminPassword,
    async addPerson(login, ou = 'people') {
      const dn = `uid=${escaped(login)},ou=${ou},${base}`;
      await asAdmin((client) => client.add(dn, { objectClass: ['inetOrgPerson'], uid: login, cn: login, sn: login }));
      return dn;
    },
    async addGroup(name, members) {
      const dn = `cn=${name},ou=groups,${base}`;
      await asAdmin((client) => client.add(dn, { objectClass: ['groupOfNames'], cn: name, member: [...members] }));
    },
    async setMembers(name, members) {
      const modification = new Attribute({ type: 'member', values: [...members] });
      const change = new Change({ operation: 'replace', modification });
      await asAdmin((client) => client.modify(`cn=${name},ou=groups,${base}`, change));
    },
    async stop() {
      await component.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function settingsText(
  folder: string,
  { certificateFile, keyFile }: { certificateFile: string; keyFile: string },
): string {
  return [
    ...['core', 'cosine', 'nis', 'inetorgperson'].map((schema) => `include /etc/ldap/schema/${schema}.schema`),
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    `pidfile ${join(folder, 'pid')}`,
    `argsfile ${join(folder, 'args')}`,
    `TLSCertificateFile ${certificateFile}`,
    `TLSCertificateKeyFile ${keyFile}`,
    'TLSVerifyClient never',
    'database mdb',
    `suffix "${base}"`,
    `rootdn "${adminDn}"`,
    `rootpw ${adminPassword}`,
    `directory ${join(folder, 'db')}`,
    // Nobody who is nobody reads anything.
    'access to * by users read',
    '',
  ].join('\n');
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ url });
  try {
    await client.bind(adminDn, adminPassword);
    return await work(client);
  } finally {
    await client.unbind();
  }
}

/** RFC 4514. */
function escaped(value: string): string {
  return value.replace(/[,\\#+<>;"=]/g, (letter) => `\\${letter}`);
}
