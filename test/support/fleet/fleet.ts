import { access, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { endProcessesOf } from './processes';
import { startSimulatedHosts } from './simulated';
import { startSshdHosts } from './sshd';
import { makeKey } from './keys';

/** SSH hosts on loopback addresses, one home directory each: real OpenSSH daemons, or an SSH server in this process. */
export interface Fleet {
  readonly kind: FleetKind;
  readonly hosts: readonly FleetHost[];
  /** Private key that every host accepts. */
  readonly keyFile: string;
  readonly knownHostsFile: string;
  readonly directory: string;
  /** The host is gone until `startHost`: no new connections; the present ones stay. */
  stopHost(name: string): Promise<void>;
  startHost(name: string): Promise<void>;
  /** Ends every connection of a host, as a cut cable does. What runs there goes on. */
  dropConnections(name: string): Promise<void>;
  /** Ends the hosts, and everything that still runs on them. */
  stop(): Promise<void>;
}

export interface FleetHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** `ssh-ed25519 AAAA…` */
  readonly hostKey: string;
  readonly home: string;
}

export type FleetKind = 'sshd' | 'simulated';

export interface FleetOptions {
  readonly hosts: number;
  /** Absent: `h1`, `h2` … */
  readonly names?: readonly string[];
  /** Absent: OpenSSH where it is installed. */
  readonly kind?: FleetKind;
  /** More lines for each sshd's configuration. */
  readonly sshdOptions?: readonly string[];
  /** More variables of each session, by the home of its host; no spaces in them. */
  readonly environment?: (home: string) => Readonly<Record<string, string>>;
}

/** What both kinds of fleet are started with. */
export interface FleetPlan {
  /** Unique; every process of the fleet carries it in its environment as `MAINSTAY_FLEET`. */
  readonly id: string;
  readonly directory: string;
  readonly publicKey: string;
  readonly places: readonly FleetPlace[];
  readonly sshdOptions: readonly string[];
}

export interface FleetPlace {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly privateKey: string;
  readonly publicKey: string;
}

export type RunningHosts = Pick<Fleet, 'stopHost' | 'startHost' | 'dropConnections'> & {
  readonly user: string;
  readonly end: () => Promise<void>;
};

const sshdPath = '/usr/sbin/sshd';
const tmpfsMagic = 0x01021994;
const attempts = 5;

/** Which kind `startFleet` starts on this machine when nothing is asked for. */
export async function fleetKind(): Promise<FleetKind> {
  return (await exists(sshdPath)) ? 'sshd' : 'simulated';
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  return start(options.kind ?? (await fleetKind()), options);
}

export function startSimulatedFleet(options: Omit<FleetOptions, 'kind'>): Promise<Fleet> {
  return start('simulated', options);
}

async function start(kind: FleetKind, options: FleetOptions): Promise<Fleet> {
  const directory = await mkdtemp(join(await diskDirectory(), 'mainstay-fleet-'));
  const client = makeKey();
  const keyFile = join(directory, 'id');
  await writeFile(keyFile, client.private, { mode: 0o600 });
  for (let attempt = 1; ; attempt += 1) {
    const plan = planFleet(directory, client.public, options);
    try {
      const running = kind === 'sshd' ? await startSshdHosts(plan, sshdPath) : await startSimulatedHosts(plan);
      return await assemble(plan, running, { kind, keyFile });
    } catch (error) {
      // Another process may sit on one of the addresses: another block is tried.
      if (attempt < attempts) continue;
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }
}

async function assemble(
  plan: FleetPlan,
  running: RunningHosts,
  about: { readonly kind: FleetKind; readonly keyFile: string },
): Promise<Fleet> {
  const knownHostsFile = join(plan.directory, 'known_hosts');
  const lines = plan.places.map((place) => `[${place.address}]:${place.port} ${place.publicKey}\n`);
  await writeFile(knownHostsFile, lines.join(''));
  const { user, end, ...controls } = running;
  return {
    ...about,
    ...controls,
    knownHostsFile,
    directory: plan.directory,
    hosts: plan.places.map(({ name, address, port, home, publicKey }) => ({
      name,
      address,
      port,
      user,
      home,
      hostKey: publicKey,
    })),
    async stop(): Promise<void> {
      await end();
      await endProcessesOf(plan.id);
      await rm(plan.directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A block of loopback addresses and a port at random: fleets of several processes stand side by side. */
function planFleet(directory: string, publicKey: string, options: FleetOptions): FleetPlan {
  const block = 1 + Math.floor(Math.random() * 60_000);
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const places = Array.from({ length: options.hosts }, (_, index): FleetPlace => {
    const name = options.names?.[index] ?? `h${index + 1}`;
    const key = makeKey();
    const home = join(directory, 'home', name);
    return {
      name,
      address: loopback(block * 256 + index),
      port,
      home,
      environment: options.environment?.(home) ?? {},
      privateKey: key.private,
      publicKey: key.public,
    };
  });
  return {
    id: `${process.pid}-${block}-${port}-${Math.random().toString(36).slice(2, 10)}`,
    directory,
    publicKey,
    places,
    sshdOptions: options.sshdOptions ?? [],
  };
}

/** 127.0.0.0/8, without .0 and .255 at the end. */
function loopback(number: number): string {
  const high = Math.floor(number / 254);
  return `127.${(high >> 8) & 255}.${high & 255}.${1 + (number % 254)}`;
}

/** Job directories must not be in memory, as on a host. */
async function diskDirectory(): Promise<string> {
  const { type } = await statfs(tmpdir());
  return type === tmpfsMagic && (await exists('/var/tmp')) ? '/var/tmp' : tmpdir();
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
