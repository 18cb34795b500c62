import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { childEnvironment } from '../../platform/config';
import { startFleet } from '../../test/support/fleet/fleet';
import type { Fleet } from '../../test/support/fleet/fleet';
import type { CliResult } from './cli';
import { cli, cliPath } from './cli';
import { fleetInventory } from './fleet-inventory';
import type { Release } from './release';
import type { Shop } from './shop';
import { openShop, releasesOf } from './shop';

const hostCount = 6;

export interface Story {
  readonly ok: boolean;
  readonly problems: readonly string[];
  readonly fleet: string;
  readonly releases: readonly Release[];
  readonly serving: readonly string[];
}

interface Setting {
  readonly say: (line: string) => void;
  /** Folder of the demo's documents. */
  readonly runbooks: string;
}

interface Props {
  readonly dataDirectory: string;
  readonly fleet: Fleet;
  readonly shop: Shop;
  readonly engine: ChildProcess;
}

/** Everything that the demo stands on: hosts, shop, engine; taken down in reverse order. */
export class Stage {
  private constructor(
    private readonly setting: Setting,
    private readonly props: Props,
  ) {}

  static async open(setting: Setting): Promise<Stage> {
    const { say, runbooks } = setting;
    const dataDirectory = await mkdtemp(join(tmpdir(), 'mainstay-demo-'));
    const fleet = await startFleet({ hosts: hostCount });
    say(
      fleet.kind === 'sshd'
        ? `${hostCount} hosts: real OpenSSH servers on loopback`
        : `${hostCount} hosts: no sshd is installed, so an SSH server within this process runs their commands`,
    );
    await Promise.all(fleet.hosts.map((host) => writeFile(join(host.home, 'release'), '1.0.0\n', { mode: 0o666 })));
    const shop = await openShop(homesOf(fleet), '2.0.0');
    const engine = await startEngine(dataDirectory);
    const stage = new Stage(setting, { dataDirectory, fleet, shop, engine });
    await writeFile(stage.inventory, fleetInventory(fleet));
    say(`the engine is up, its data in ${dataDirectory}`);
    await stage.must(['apply', join(runbooks, 'people.yaml')]);
    return stage;
  }

  get dataDirectory(): string {
    return this.props.dataDirectory;
  }

  get runbooks(): string {
    return this.setting.runbooks;
  }

  get shop(): Shop {
    return this.props.shop;
  }

  say(line: string): void {
    this.setting.say(line);
  }

  get inventory(): string {
    return join(this.dataDirectory, 'inventory.yaml');
  }

  /** Runs the command line; a refusal ends the demo with what was said. */
  async must(args: readonly string[]): Promise<CliResult> {
    const result = await cli(this.dataDirectory, args);
    if (result.code !== 0)
      throw new Error(`Cannot run "mainstay ${args.join(' ')}": exit ${result.code}\n${result.stdout}${result.stderr}`);
    return result;
  }

  try(args: readonly string[]): Promise<CliResult> {
    return cli(this.dataDirectory, args);
  }

  async killWorker(): Promise<void> {
    const endpoint: unknown = JSON.parse(await readFile(join(this.dataDirectory, 'endpoint.json'), 'utf8'));
    const pid = workerPid(endpoint);
    process.kill(pid, 'SIGKILL');
    this.say(`killed the worker (pid ${pid}) with SIGKILL in the middle of the rollout`);
  }

  async summary(releases: readonly Release[]): Promise<Story> {
    const serving = await releasesOf(homesOf(this.props.fleet));
    const logs = await Promise.all(
      this.props.fleet.hosts.map((host) => readFile(join(host.home, 'deploy.log'), 'utf8').catch(() => '')),
    );
    const problems = [
      ...releases
        .filter((release) => release.outcome !== release.expected)
        .map((release) => `run ${release.number} ended ${release.outcome}, not ${release.expected}`),
      ...releases
        .filter((release) => !release.verified)
        .map((release) => `the audit history of run ${release.number} does not verify`),
      ...serving.filter((version) => version !== '2.0.0').map((version) => `a host serves ${version}`),
      ...logs.filter((log) => !didEachOnce(log)).map((log) => `a command ran twice: ${log.replaceAll('\n', ', ')}`),
    ];
    if (problems.length === 0) this.say('\nevery host serves 2.0.0, every command ran exactly once, audit verified');
    return { ok: problems.length === 0, problems, fleet: this.props.fleet.kind, releases, serving };
  }

  async close(): Promise<void> {
    await stopEngine(this.props.engine);
    await this.shop.close();
    await this.props.fleet.stop();
    await rm(this.dataDirectory, { recursive: true, force: true });
  }
}

function homesOf(fleet: Fleet): readonly string[] {
  return fleet.hosts.map((host) => host.home);
}

/** A host of the first two waves: installed, undone, installed again; of the last: installed once. */
function didEachOnce(log: string): boolean {
  return ['install 2.0.0\nundo to 1.0.0\ninstall 2.0.0\n', 'install 2.0.0\n'].includes(log);
}

function startEngine(dataDirectory: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [cliPath, 'up', '--data', dataDirectory, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The pointer to the user's own engine stays as it is.
    env: childEnvironment({ XDG_CONFIG_HOME: dataDirectory }),
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Cannot start the engine: it ended with ${code}`)));
    child.stdout?.once('data', () => resolve(child));
  });
}

async function stopEngine(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await gone;
}

function workerPid(endpoint: unknown): number {
  const text = JSON.stringify(endpoint);
  const match = /"worker":\{"pid":(\d+)/.exec(text);
  if (match?.[1] === undefined) throw new Error(`Cannot find the worker: ${text}`);
  return Number(match[1]);
}
