import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { listens } from '../component';
import type { FleetPlace, FleetPlan, RunningHosts } from './fleet';
import { kill } from './processes';

const run = promisify(execFile);
const readyWithinMs = 15_000;

/** Account that root's daemons log in: an empty home and /bin/sh, so that no login file slows the commands down. */
const account = 'mainstay-fleet';

/**
 * Starts and stops daemons as told on stdin, and ends them all when stdin closes: a parent that is killed leaves none behind.
 * Answers `started NAME PID`.
 */
const supervisor = String.raw`
sshd=$1 dir=$2
while read -r verb name; do
  case $verb in
    start) "$sshd" -D -e -f "$dir/cfg/$name" </dev/null 2>>"$dir/log/$name" & echo "started $name $!"; all="$all $!" ;;
    stop) kill "$name" ;;
  esac
done
kill $all 2>/dev/null
wait
`;

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export async function startSshdHosts(plan: FleetPlan, sshdPath: string): Promise<RunningHosts> {
  const user = await loginAccount();
  await prepare(plan, user);
  const child = spawn('/bin/sh', ['-c', supervisor, 'sh', sshdPath, plan.directory], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const daemons = new Daemons(child);
  try {
    for (const place of plan.places) daemons.start(place.name);
    await Promise.all(plan.places.map((place) => ready(plan, place)));
  } catch (error) {
    await daemons.end();
    throw error;
  }
  const placeOf = (name: string): FleetPlace => {
    const place = plan.places.find((one) => one.name === name);
    if (place === undefined) throw new Error(`Cannot find host "${name}": not in the fleet`);
    return place;
  };
  return {
    user: user.name,
    stopHost: (name) => daemons.stop(name),
    startHost: async (name) => {
      daemons.start(name);
      await ready(plan, placeOf(name));
    },
    dropConnections: (name) => daemons.drop(name),
    end: () => daemons.end(),
  };
}

class Daemons {
  private readonly pids = new Map<string, number>();
  private readonly ended: Promise<void>;

  constructor(private readonly child: ChildProcess) {
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()));
    child.on('error', () => undefined);
    child.stdin?.on('error', () => undefined);
    let text = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const [, name, pid] = line.split(' ');
        if (name !== undefined && pid !== undefined) this.pids.set(name, Number(pid));
      }
    });
  }

  start(name: string): void {
    this.child.stdin?.write(`start ${name}\n`);
  }

  async stop(name: string): Promise<void> {
    const pid = await this.pidOf(name);
    this.pids.delete(name);
    this.child.stdin?.write(`stop ${pid}\n`);
    while (await alive(pid)) await sleep(10);
  }

  /** The daemon's children serve one connection each. */
  async drop(name: string): Promise<void> {
    const listener = await this.pidOf(name);
    for (const pid of await descendants(listener)) kill(pid, 'SIGKILL');
  }

  async end(): Promise<void> {
    for (const pid of this.pids.values()) for (const connection of await descendants(pid)) kill(connection, 'SIGKILL');
    this.child.stdin?.end();
    await this.ended;
  }

  private async pidOf(name: string): Promise<number> {
    for (let round = 0; round < 500; round += 1) {
      const pid = this.pids.get(name);
      if (pid !== undefined) return pid;
      await sleep(10);
    }
    throw new Error(`Cannot find the daemon of host "${name}": it was not started`);
  }
}

/** Connections only: processes named sshd below the listener. What runs in their sessions is left alone. */
async function descendants(listener: number): Promise<readonly number[]> {
  const children = await readFile(`/proc/${listener}/task/${listener}/children`, 'utf8').catch(() => '');
  const found: number[] = [];
  for (const pid of children
    .split(' ')
    .filter((text) => text !== '')
    .map(Number)) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (name.startsWith('sshd')) found.push(pid, ...(await descendants(pid)));
  }
  return found;
}

async function alive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat !== null && !/\) Z /.test(stat);
}

async function prepare(plan: FleetPlan, user: Account): Promise<void> {
  const { directory } = plan;
  const asRoot = process.getuid?.() === 0;
  if (asRoot) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  await Promise.all(
    ['cfg', 'log', 'home'].map((name) => mkdir(join(directory, name), { recursive: true, mode: 0o755 })),
  );
  // The login account must reach its homes and the file of authorised keys.
  await chmod(directory, 0o711);
  await writeFile(join(directory, 'authorized_keys'), `${plan.publicKey}\n`, { mode: 0o644 });
  for (const place of plan.places) {
    await mkdir(place.home, { recursive: true, mode: 0o700 });
    if (asRoot) await chown(place.home, user.uid, user.gid);
    await writeFile(join(directory, 'cfg', `${place.name}.key`), place.privateKey, { mode: 0o600 });
    await writeFile(join(directory, 'cfg', place.name), configuration(plan, place));
  }
}

function configuration(plan: FleetPlan, place: FleetPlace): string {
  const { directory } = plan;
  const environment = Object.entries(place.environment).map(([name, value]) => ` ${name}=${value}`);
  return [
    // First wins in this format.
    ...plan.sshdOptions,
    `Port ${place.port}`,
    `ListenAddress ${place.address}`,
    `HostKey ${join(directory, 'cfg', `${place.name}.key`)}`,
    'PidFile none',
    `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PasswordAuthentication no',
    'PrintMotd no',
    'PrintLastLog no',
    'PermitRootLogin yes',
    'MaxStartups 500:30:1000',
    'MaxSessions 100',
    'Subsystem sftp internal-sftp',
    `SetEnv HOME=${place.home} SIM_HOST=${place.name} MAINSTAY_FLEET=${plan.id}${environment.join('')}`,
    '',
  ].join('\n');
}

async function ready(plan: FleetPlan, place: FleetPlace): Promise<void> {
  const end = Date.now() + readyWithinMs;
  while (!(await listens(place.port, place.address))) {
    const log = await readFile(join(plan.directory, 'log', place.name), 'utf8').catch(() => '');
    if (Date.now() > end || /Cannot bind|fatal|Bad configuration|no hostkeys/i.test(log))
      throw new Error(`Cannot start sshd on ${place.address} port ${place.port}: ${log.trim() || 'no answer'}`);
    await sleep(20);
  }
}

/** A normal user's sshd logs in that same user only. */
async function loginAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) {
    const { username, uid, gid } = userInfo();
    return { name: username, uid, gid };
  }
  if ((await findAccount()) === null) {
    // Exit code 9: another process has made it in the meantime.
    await run('useradd', ['-M', '-d', '/nonexistent', '-s', '/bin/sh', account]).catch(() => undefined);
    // `useradd` leaves the account locked, and sshd refuses locked ones.
    await run('usermod', ['-p', '*', account]);
  }
  const found = await findAccount();
  if (found === null) throw new Error(`Cannot find account "${account}": useradd did not make it`);
  return found;
}

async function findAccount(): Promise<Account | null> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((text) => text.startsWith(`${account}:`));
  const [name, , uid, gid] = line?.split(':') ?? [];
  return name === undefined || uid === undefined || gid === undefined
    ? null
    : { name, uid: Number(uid), gid: Number(gid) };
}
