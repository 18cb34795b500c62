import { appendFile, mkdir } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { dirname } from 'node:path';
import type { Duplex } from 'node:stream';

import { NodeSSH } from 'node-ssh';
import type { Config } from 'node-ssh';
import type { AuthenticationType, Client } from 'ssh2';

import { castConnectError } from './connect-error';
import { SshFailure } from './failures';
import { fingerprint, judgeKey, keyType, knownHostsLine } from './known-hosts';
import type { KeyVerdict, KnownKeys } from './known-hosts';
import { credentialsOf, knownKeysOf } from './target';
import type { Credentials, LoginDefaults, SshTarget } from './target';

/** One handshake, including authentication. A loaded server needs seconds; a dead one must not hold a slot for long. */
const handshakeMs = 15_000;
const usualKeepaliveMs = 5_000;
const keepaliveCount = 3;

/** Logs in once. Throws an `SshFailure`, or `TryAgain` where another try may help. */
export async function openClient(
  target: SshTarget,
  defaults: LoginDefaults,
  through: Client | undefined,
): Promise<Client> {
  const [credentials, known] = await Promise.all([credentialsOf(target, defaults), knownKeysOf(target, defaults)]);
  const verifier = new HostVerifier(target, known);
  const socket = through === undefined ? undefined : await openTunnel(through, target);
  const node = new NodeSSH();
  try {
    const keepaliveMs = defaults.keepaliveMs ?? usualKeepaliveMs;
    const login = { credentials, known, verifier, socket: socket ?? openSocket(target), keepaliveMs };
    await node.connect(settingsOf(target, login));
  } catch (error) {
    socket?.destroy();
    node.dispose();
    throw verifier.failure() ?? castConnectError(error, target);
  }
  const client = node.connection;
  if (client === null) throw castConnectError(new Error('connection closed'), target);
  // 'error' may come more than once; without a listener the second one would end the process.
  client.on('error', () => undefined);
  await verifier.remember(defaults.acceptedKeysFile);
  return client;
}

interface Login {
  readonly credentials: Credentials;
  readonly known: KnownKeys;
  readonly verifier: HostVerifier;
  readonly socket: Duplex;
  readonly keepaliveMs: number;
}

function settingsOf(target: SshTarget, login: Login): Config {
  const { credentials, known, verifier } = login;
  const methods = authenticationMethods(credentials);
  const types = hostKeyAlgorithms(known);
  return {
    sock: login.socket,
    username: target.user,
    ...credentials,
    tryKeyboard: credentials.password !== undefined,
    authHandler: methods,
    hostVerifier: (key: Buffer) => verifier.accepts(key),
    readyTimeout: handshakeMs,
    keepaliveInterval: login.keepaliveMs,
    keepaliveCountMax: keepaliveCount,
    ...(types.length === 0 ? {} : { algorithms: { serverHostKey: types } }),
  };
}

/** Only what there are credentials for: asking with `none` first costs a round trip. */
function authenticationMethods(credentials: Credentials): AuthenticationType[] {
  const methods: AuthenticationType[] = [];
  if (credentials.privateKey !== undefined) methods.push('publickey');
  if (credentials.agent !== undefined) methods.push('agent');
  if (credentials.password !== undefined) methods.push('password', 'keyboard-interactive');
  return methods.length === 0 ? ['none'] : methods;
}

type HostKeyAlgorithm =
  | 'ssh-ed25519'
  | 'ecdsa-sha2-nistp256'
  | 'ecdsa-sha2-nistp384'
  | 'ecdsa-sha2-nistp521'
  | 'rsa-sha2-512'
  | 'rsa-sha2-256'
  | 'ssh-rsa';
const algorithmsByType: { readonly [type: string]: readonly HostKeyAlgorithm[] } = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
};

/** The server is asked for a key of the type that is known, else a good host with two keys would look like a bad one. */
function hostKeyAlgorithms(known: KnownKeys): HostKeyAlgorithm[] {
  return [...new Set(known.keys.flatMap((key) => algorithmsByType[keyType(key)] ?? []))];
}

function openSocket(target: SshTarget): Duplex {
  // Nagle's algorithm costs 40 ms for each command.
  return connectSocket({ host: target.address, port: target.port, noDelay: true, keepAlive: true });
}

function openTunnel(through: Client, target: SshTarget): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    through.forwardOut('127.0.0.1', 0, target.address, target.port, (error, channel) => {
      if (error === undefined) resolve(channel);
      else reject(castConnectError(error, target));
    });
  });
}

class HostVerifier {
  private verdict: KeyVerdict = 'known';
  private offered: Buffer | null = null;

  constructor(
    private readonly target: SshTarget,
    private readonly known: KnownKeys,
  ) {}

  accepts(key: Buffer): boolean {
    this.offered = key;
    this.verdict = judgeKey(this.known, key);
    return this.verdict === 'known' || (this.verdict === 'unknown' && this.target.settings.hostKeys === 'accept-new');
  }

  failure(): SshFailure | null {
    if (this.offered === null || this.verdict === 'known') return null;
    const where = `"${this.target.address}" port ${this.target.port}`;
    const shown = fingerprint(this.offered);
    if (this.verdict === 'mismatch')
      return new SshFailure(
        'SSH_HOST_KEY_MISMATCH',
        `Cannot trust ${where}: it shows key ${shown}, which is not the known one`,
      );
    if (this.target.settings.hostKeys === 'accept-new') return null;
    const known = this.known.authority ? 'only a certificate authority is known, which is not used' : 'no key is known';
    return new SshFailure(
      'SSH_HOST_KEY_UNKNOWN',
      `Cannot trust ${where}: ${known}, it shows ${keyType(this.offered)} ${shown}`,
    );
  }

  async remember(file: string): Promise<void> {
    if (this.offered === null || this.verdict !== 'unknown') return;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await appendFile(file, knownHostsLine(this.target.address, this.target.port, this.offered), { mode: 0o600 });
  }
}
