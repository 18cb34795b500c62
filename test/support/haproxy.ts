import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../../platform/free-port';
import { findProgram, listens, startComponent } from './component';

/** A real HAProxy in front of servers on loopback. */
export interface Haproxy {
  readonly url: string;
  readonly backend: string;
  /** Its stats socket, of level admin. */
  readonly socket: string;
  /** One line to the socket; answers all that comes back. */
  command(line: string): Promise<string>;
  /** `UP`, `DRAIN`, `DOWN` … of each server. */
  statuses(): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

export interface BalancedServer {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

export async function startHaproxy(servers: readonly BalancedServer[]): Promise<Haproxy> {
  const program = findProgram('haproxy', 'haproxy');
  const directory = await mkdtemp(join(tmpdir(), 'mainstay-haproxy-'));
  // The hosts of a fleet log in with an account of their own.
  await chmod(directory, 0o711);
  const address = '127.0.0.1';
  const port = await freePort();
  const socket = join(directory, 'admin.sock');
  const configuration = join(directory, 'haproxy.cfg');
  await writeFile(configuration, configurationText(servers, { socket, bind: `${address}:${port}` }));
  const component = await startComponent({
    program,
    args: ['-db', '-f', configuration],
    logFile: join(directory, 'log'),
    ready: async () => (await listens(port, address)) && (await areUp(socket, servers.length)),
  });
  return {
    url: `http://${address}:${port}`,
    backend: 'app',
    socket,
    command: (line) => command(socket, line),
    statuses: () => statuses(socket),
    async stop() {
      await component.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function configurationText(servers: readonly BalancedServer[], place: { socket: string; bind: string }): string {
  return [
    'global',
    `  stats socket ${place.socket} level admin mode 666`,
    '  nbthread 1',
    'defaults',
    '  mode http',
    '  retries 2',
    '  option redispatch 1',
    '  timeout connect 1s',
    '  timeout client 10s',
    '  timeout server 10s',
    'frontend front',
    `  bind ${place.bind}`,
    '  default_backend app',
    'backend app',
    '  balance roundrobin',
    '  option httpchk GET /',
    ...servers.map(({ name, address, port }) => `  server ${name} ${address}:${port} check inter 200ms rise 1 fall 2`),
    '',
  ].join('\n');
}

async function areUp(socket: string, count: number): Promise<boolean> {
  const found = await statuses(socket).catch(() => ({}));
  return Object.values(found).filter((status) => status === 'UP').length === count;
}

async function statuses(socket: string): Promise<Readonly<Record<string, string>>> {
  const [head = '', ...rows] = (await command(socket, 'show stat')).trim().split('\n');
  const column = head.split(',').indexOf('status');
  const servers = rows.map((row) => row.split(',')).filter(([proxy, name]) => proxy === 'app' && name !== 'BACKEND');
  return Object.fromEntries(servers.map((fields) => [fields[1] ?? '', fields[column] ?? '']));
}

function command(socket: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const stream = connect(socket, () => stream.write(`${line}\n`));
    stream.setEncoding('utf8').on('data', (more: string) => (text += more));
    stream.once('end', () => resolve(text));
    stream.once('error', reject);
  });
}
