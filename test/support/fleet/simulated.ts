import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server as NetServer } from 'node:net';
import { userInfo } from 'node:os';

import { Server, utils } from 'ssh2';
import type { AuthContext, Connection, ParsedKey, ServerChannel } from 'ssh2';

import type { FleetPlace, FleetPlan, RunningHosts } from './fleet';

/**
 * The same hosts without OpenSSH: ssh2's server in this process, running commands by `/bin/sh` as the user of this process.
 * As with sshd, what runs goes on when its connection breaks.
 */
export async function startSimulatedHosts(plan: FleetPlan): Promise<RunningHosts> {
  const hosts = new Map(plan.places.map((place) => [place.name, new SimulatedHost(place, plan)]));
  const hostOf = (name: string): SimulatedHost => {
    const host = hosts.get(name);
    if (host === undefined) throw new Error(`Cannot find host "${name}": not in the fleet`);
    return host;
  };
  const end = async (): Promise<void> => {
    for (const host of hosts.values()) host.drop();
    await Promise.all([...hosts.values()].map((host) => host.stop()));
  };
  try {
    await Promise.all([...hosts.values()].map((host) => host.start()));
  } catch (error) {
    await end();
    throw error;
  }
  return {
    user: userInfo().username,
    stopHost: (name) => hostOf(name).stop(),
    startHost: (name) => hostOf(name).start(),
    dropConnections: async (name) => hostOf(name).drop(),
    end,
  };
}

class SimulatedHost {
  private server: NetServer | null = null;
  private readonly connections = new Set<Connection>();

  constructor(
    private readonly place: FleetPlace,
    private readonly plan: FleetPlan,
  ) {}

  async start(): Promise<void> {
    await mkdir(this.place.home, { recursive: true, mode: 0o700 });
    const ssh = new Server({ hostKeys: [this.place.privateKey] }, (connection) => this.accept(connection));
    // ssh2 leaves Nagle's algorithm on, which costs 40 ms for each answer; hence a listener of our own.
    const server = createServer({ noDelay: true }, (socket) => ssh.injectSocket(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.place.port, this.place.address, () => resolve());
    });
    // A fleet that nobody stopped must not keep its process.
    server.unref();
    this.server = server;
  }

  stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    // Only the listening ends here; `close` would wait for the connections.
    server?.close();
    return Promise.resolve();
  }

  drop(): void {
    for (const connection of this.connections) connection.end();
  }

  private accept(connection: Connection): void {
    this.connections.add(connection);
    connection.on('close', () => this.connections.delete(connection));
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => authenticate(context, this.plan.publicKey));
    connection.on('session', (acceptSession) => {
      acceptSession().on('exec', (acceptExec, _reject, info) => this.execute(acceptExec(), info.command));
    });
    connection.on('tcpip', (acceptTunnel, reject, info) => {
      const socket = connect(info.destPort, info.destIP);
      socket.once('error', () => reject());
      socket.once('connect', () => {
        const tunnel = acceptTunnel();
        tunnel.on('error', () => socket.destroy());
        socket.on('error', () => tunnel.close());
        tunnel.pipe(socket).pipe(tunnel);
      });
    });
  }

  private execute(channel: ServerChannel, command: string): void {
    const { environment, home, name } = this.place;
    const user = userInfo().username;
    const env = {
      ...environment,
      HOME: home,
      SIM_HOST: name,
      MAINSTAY_FLEET: this.plan.id,
      USER: user,
      LOGNAME: user,
      SHELL: '/bin/sh',
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    };
    // A session of its own, as sshd gives it: signals to this process' group do not reach it.
    connectStreams(
      spawn('/bin/sh', ['-c', command], { cwd: home, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] }),
      channel,
    );
  }
}

function connectStreams(child: ChildProcess, channel: ServerChannel): void {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('Cannot run a command: it has no pipes');
  for (const stream of [stdin, stdout, stderr]) stream.on('error', () => undefined);
  channel.on('error', () => undefined);
  channel.pipe(stdin);
  stdout.pipe(channel, { end: false });
  stderr.pipe(channel.stderr, { end: false });
  let closed = false;
  channel.on('close', () => {
    closed = true;
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
  });
  child.on('error', () => channel.close());
  child.on('close', (code, signal) => {
    if (closed) return;
    if (signal === null) channel.exit(code ?? 0);
    else channel.exit(signal.replace(/^SIG/, ''));
    channel.end();
    channel.close();
  });
}

function authenticate(context: AuthContext, publicKey: string): void {
  const allowed = parsed(publicKey);
  if (
    context.method !== 'publickey' ||
    context.key.algo !== allowed.type ||
    !context.key.data.equals(allowed.getPublicSSH())
  ) {
    context.reject(['publickey']);
    return;
  }
  if (context.signature === undefined || context.blob === undefined) {
    context.accept();
    return;
  }
  if (allowed.verify(context.blob, context.signature, context.hashAlgo) === true) context.accept();
  else context.reject(['publickey']);
}

function parsed(publicKey: string): ParsedKey {
  const key = utils.parseKey(publicKey);
  if (key instanceof Error) throw key;
  return key;
}
