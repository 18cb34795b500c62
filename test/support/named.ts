import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePort } from '../../platform/free-port';
import { findProgram, startComponent } from './component';
import type { Component } from './component';

const run = promisify(execFile);

/** Real BIND servers on ports of loopback: a primary that takes updates signed with a key, and others with the same zone. */
export interface Named {
  readonly zone: string;
  /** `ADDRESS#PORT` of each. */
  readonly primary: string;
  /** Follows the primary. */
  readonly secondary: string;
  /** Serves the zone as it was in the beginning, for ever. */
  readonly stale: string;
  /** The TSIG key that updates are signed with, and one that the primary does not know. */
  readonly keyFile: string;
  readonly strangeKeyFile: string;
  /** What one server answers, without asking another: values of a name and type, sorted. */
  ask(server: string, name: string, type: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** BIND listens on addresses that an interface has, and loopback has this one. */
const address = '127.0.0.1';

interface Place {
  readonly directory: string;
  readonly zone: string;
  readonly records: readonly string[];
}

export async function startNamed(zone: string, records: readonly string[]): Promise<Named> {
  const directory = await mkdtemp(join(tmpdir(), 'mainstay-named-'));
  // The hosts of a fleet log in with an account of their own, which reads the keys.
  await chmod(directory, 0o711);
  const [keyFile, strangeKeyFile] = [join(directory, 'update.key'), join(directory, 'strange.key')];
  for (const file of [keyFile, strangeKeyFile])
    await writeFile(file, (await run(findProgram('tsig-keygen', 'bind9'), ['update'])).stdout, { mode: 0o644 });
  const place = { directory, zone, records };
  const [first, second, third] = [await freePort(), await freePort(), await freePort()];
  const grant = `allow-transfer { any; }; update-policy { grant update zonesub ANY; };`;
  const follow = `notify explicit; notify-delay 0; also-notify { ${address} port ${second}; };`;
  const servers: Component[] = [];
  const start = async (port: number, statements: string, before = ''): Promise<void> => {
    servers.push(await startServer(place, { port, statements, before }));
  };
  await start(first, `type primary; ${grant} ${follow}`, `include "${keyFile}";`);
  await start(second, `type secondary; primaries { ${address} port ${first}; };`);
  await start(third, 'type primary;');
  return {
    zone,
    primary: `${address}#${first}`,
    secondary: `${address}#${second}`,
    stale: `${address}#${third}`,
    keyFile,
    strangeKeyFile,
    ask,
    async stop() {
      for (const server of servers) await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Server {
  readonly port: number;
  /** Of its zone. */
  readonly statements: string;
  readonly before: string;
}

async function startServer({ directory, zone, records }: Place, server: Server): Promise<Component> {
  const { port, statements, before } = server;
  const own = join(directory, `${port}`);
  await mkdir(own);
  const head = ['$TTL 5', `@ SOA ns.${zone}. admin.${zone}. 1 60 60 3600 5`, `@ NS ns.${zone}.`, `ns A ${address}`];
  if (!statements.includes('type secondary'))
    await writeFile(join(own, `${zone}.zone`), `${[...head, ...records].join('\n')}\n`);
  const general = [
    `directory "${own}"`,
    `listen-on port ${port} { ${address}; }`,
    'listen-on-v6 { none; }',
    'recursion no',
    'pid-file none',
    'session-keyfile none',
    'empty-zones-enable no',
    'dnssec-validation no',
  ];
  const configuration = join(own, 'named.conf');
  const zoneText = `zone "${zone}" { file "${zone}.zone"; ${statements} };`;
  await writeFile(configuration, `controls { };\noptions { ${general.join('; ')}; };\n${before}\n${zoneText}\n`);
  return startComponent({
    program: findProgram('named', 'bind9'),
    args: ['-c', configuration, '-g', '-n', '1'],
    logFile: join(own, 'log'),
    // A secondary answers once it has the zone.
    ready: async () => (await ask(`${address}#${port}`, `ns.${zone}.`, 'A')).length === 1,
  });
}

async function ask(server: string, name: string, type: string): Promise<readonly string[]> {
  const [at = '', port = ''] = server.split('#');
  const dig = findProgram('dig', 'bind9-dnsutils');
  const question = ['+short', '+norecurse', '+time=1', '+tries=1', '-p', port, `@${at}`, name, type];
  const { stdout } = await run(dig, question).catch(() => ({ stdout: '' }));
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(';'))
    .toSorted();
}
