import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ConnectionSettings, TargetHost } from '../connector';
import { isSshFailure, SshFailure } from './failures';
import { lookUpKnownHosts, mergeKnown, nothingKnown, parseHostKey } from './known-hosts';
import type { KnownKeys } from './known-hosts';
import { SshConnection } from './schema';

/** Where and how to log in. */
export interface SshTarget {
  /** Equal for equal ways: connections are shared by it. */
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string | undefined;
  readonly settings: SshConnection;
  /** The host to go through first. */
  readonly jump: SshTarget | undefined;
}

/** What the worker's own environment offers where a connection says nothing. */
export interface LoginDefaults {
  readonly homeDirectory: string;
  readonly agentSocket: string | undefined;
  /** Remembers the keys that `accept-new` accepted. */
  readonly acceptedKeysFile: string;
  /** Between two signs of life that are asked of a silent server; shorter in tests. */
  readonly keepaliveMs?: number;
}

export interface Credentials {
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly password?: string;
  readonly agent?: string;
}

export function targetOf(host: TargetHost, connection: ConnectionSettings | undefined): SshTarget {
  const settings = settingsOf(connection);
  const jumps = settings.jump === undefined ? [] : [settings.jump].flat();
  const jump = jumps.reduce<SshTarget | undefined>(
    (before, text) => jumpTarget(text, { host, settings, before }),
    undefined,
  );
  return makeTarget({
    address: host.address,
    port: host.port,
    user: host.user === '' ? (settings.user ?? '') : host.user,
    hostKey: host.hostKey,
    settings,
    jump,
  });
}

function settingsOf(connection: ConnectionSettings | undefined): SshConnection {
  const parsed = SshConnection.safeParse({ ...connection?.settings, type: 'ssh' });
  if (parsed.success) return parsed.data;
  // Values may be secrets: only the places are told.
  const places = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new SshFailure(
    'SSH_CONNECTION_INVALID',
    `Cannot use connection "${connection?.name ?? 'default'}": not valid at ${places}`,
  );
}

interface JumpContext {
  readonly host: TargetHost;
  readonly settings: SshConnection;
  readonly before: SshTarget | undefined;
}

/** `user@address:port`; user and port are optional. */
function jumpTarget(text: string, context: JumpContext): SshTarget {
  const parts = /^(?:([^@]+)@)?(\[[^\]]+\]|[^:@]+)(?::(\d{1,5}))?$/.exec(text.trim());
  if (parts?.[2] === undefined)
    throw new SshFailure('SSH_CONNECTION_INVALID', `Cannot go through "${text}": not of the form user@address:port`);
  return makeTarget({
    address: parts[2].replace(/^\[|\]$/g, ''),
    port: parts[3] === undefined ? 22 : Number(parts[3]),
    user: parts[1] ?? context.host.user,
    hostKey: undefined,
    settings: context.settings,
    jump: context.before,
  });
}

function makeTarget(parts: Omit<SshTarget, 'id'>): SshTarget {
  const { address, port, user, hostKey, settings, jump } = parts;
  const identity = JSON.stringify([address, port, user, hostKey ?? null, settings, jump?.id ?? null]);
  return { ...parts, id: createHash('sha256').update(identity).digest('hex') };
}

export async function credentialsOf(target: SshTarget, defaults: LoginDefaults): Promise<Credentials> {
  const { key, passphrase, password, agent } = target.settings;
  const socket = agent === true ? defaults.agentSocket : agent === false ? undefined : agent;
  const configured = key !== undefined || password !== undefined || agent !== undefined;
  const privateKey =
    key === undefined ? (configured ? undefined : await defaultKey(defaults)) : await readKey(key, defaults);
  const fallbackAgent = configured ? socket : defaults.agentSocket;
  return {
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(password === undefined ? {} : { password }),
    ...(fallbackAgent === undefined ? {} : { agent: fallbackAgent }),
  };
}

export async function knownKeysOf(target: SshTarget, defaults: LoginDefaults): Promise<KnownKeys> {
  if (target.hostKey !== undefined) {
    const key = parseHostKey(target.hostKey);
    if (key === null)
      throw new SshFailure(
        'SSH_HOST_KEY_UNKNOWN',
        `Cannot use the host key of "${target.address}": neither a public key nor a SHA256 fingerprint`,
      );
    return key;
  }
  const { knownHosts, hostKeys } = target.settings;
  const files = [
    expandHome(knownHosts ?? '~/.ssh/known_hosts', defaults),
    ...(hostKeys === 'accept-new' ? [defaults.acceptedKeysFile] : []),
  ];
  const texts = await Promise.all(files.map(readIfThere));
  return mergeKnown(
    ...texts.map((text) => (text === null ? nothingKnown : lookUpKnownHosts(text, target.address, target.port))),
  );
}

async function readKey(key: string, defaults: LoginDefaults): Promise<string> {
  if (key.includes('PRIVATE KEY')) return key.endsWith('\n') ? key : `${key}\n`;
  const path = expandHome(key, defaults);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new SshFailure('SSH_KEY_UNUSABLE', `Cannot read private key "${path}": ${errorCode(cause)}`, { cause });
  }
}

async function defaultKey(defaults: LoginDefaults): Promise<string | undefined> {
  for (const name of ['id_ed25519', 'id_ecdsa', 'id_rsa']) {
    const text = await readIfThere(join(defaults.homeDirectory, '.ssh', name));
    if (text !== null) return text;
  }
  return undefined;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isSshFailure(error) || !['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error))) throw error;
    return null;
  }
}

function expandHome(path: string, defaults: LoginDefaults): string {
  return path.startsWith('~/') ? join(defaults.homeDirectory, path.slice(2)) : path;
}

export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
