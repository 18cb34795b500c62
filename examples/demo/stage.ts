import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { dataPaths } from '../../platform/data-directory';
import { readEndpoint } from '../../platform/endpoint';
import { startFleet } from '../../test/support/fleet/fleet';
import type { Fleet } from '../../test/support/fleet/fleet';
import { mainstay, startUp } from '../../test/support/up-process';
import type { Ran, UpPlace, UpProcess } from '../../test/support/up-process';
import type { ChangeStory } from './change';
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
  readonly change: ChangeStory;
  readonly serving: readonly string[];
}

interface Setting {
  readonly say: (line: string) => void;
  /** Folder of the demo's documents. */
  readonly runbooks: string;
}

interface Props {
  readonly place: UpPlace;
  readonly fleet: Fleet;
  readonly shop: Shop;
  readonly engine: UpProcess;
}

/** Everything that the demo stands on: hosts, shop, engine; taken down in reverse order. */
export class Stage {
  private constructor(
    private readonly setting: Setting,
    private readonly props: Props,
  ) {}

  static async open(setting: Setting): Promise<Stage> {
    const { say, runbooks } = setting;
    const data = await mkdtemp(join(tmpdir(), 'mainstay-demo-'));
    const place: UpPlace = { folder: data, data, settings: {}, note: (text) => void process.stderr.write(text) };
    const fleet = await startFleet({ hosts: hostCount });
    say(
      fleet.kind === 'sshd'
        ? `${hostCount} hosts: real OpenSSH servers on loopback`
        : `${hostCount} hosts: no sshd is installed, so an SSH server within this process runs their commands`,
    );
    await Promise.all(fleet.hosts.map((host) => writeFile(join(host.home, 'release'), '1.0.0\n', { mode: 0o666 })));
    const shop = await openShop(homesOf(fleet), '2.0.0');
    const engine = await startUp(place);
    const stage = new Stage(setting, { place, fleet, shop, engine });
    await writeFile(stage.inventory, fleetInventory(fleet, 'team/shop'));
    say(`the engine is up, its data in ${data}`);
    await stage.must(['apply', join(runbooks, 'people.yaml')]);
    return stage;
  }

  get dataDirectory(): string {
    return this.props.place.data;
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
  async must(args: readonly string[]): Promise<Ran> {
    const result = await this.try(args);
    if (result.exitCode !== 0)
      throw new Error(
        `Cannot run "mainstay ${args.join(' ')}": exit ${result.exitCode}\n${result.stdout}${result.stderr}`,
      );
    return result;
  }

  try(args: readonly string[]): Promise<Ran> {
    return mainstay(this.props.place, ...args);
  }

  async killWorker(): Promise<void> {
    const endpoint = await readEndpoint(dataPaths(this.dataDirectory));
    const pid = endpoint?.children['worker']?.pid ?? null;
    if (pid === null) throw new Error('Cannot kill the worker: it does not run');
    process.kill(pid, 'SIGKILL');
    this.say(`killed the worker (pid ${pid}) with SIGKILL in the middle of the rollout`);
  }

  async summary(releases: readonly Release[], change: ChangeStory): Promise<Story> {
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
      ...problemsOf(change),
      ...serving.filter((version) => version !== '2.0.0').map((version) => `a host serves ${version}`),
      ...logs.filter((log) => !didEachOnce(log)).map((log) => `a command ran twice: ${log.replaceAll('\n', ', ')}`),
    ];
    if (problems.length === 0) this.say('\nevery host serves 2.0.0, every command ran exactly once, audit verified');
    return { ok: problems.length === 0, problems, fleet: this.props.fleet.kind, releases, change, serving };
  }

  async close(): Promise<void> {
    await this.props.engine.stop('SIGTERM');
    await this.shop.close();
    await this.props.fleet.stop();
    await rm(this.dataDirectory, { recursive: true, force: true });
  }
}

/** To the second: what is later than that is late. */
const mostLateMs = 1_000;

function problemsOf({ number, outcome, backOutLateMs, conflict, verified }: ChangeStory): readonly string[] {
  return [
    ...(outcome === 'backed-out' ? [] : [`CHG-${number} ended ${outcome}, not backed-out`]),
    ...(Math.abs(backOutLateMs) < mostLateMs ? [] : [`the back-out began ${backOutLateMs} ms after its deadline`]),
    ...(conflict === '' ? ['the conflict was not told'] : []),
    ...(verified ? [] : [`the audit history of CHG-${number} does not verify`]),
  ];
}

function homesOf(fleet: Fleet): readonly string[] {
  return fleet.hosts.map((host) => host.home);
}

/** A host of the first two waves: installed, undone, installed again; of the last: installed once. */
function didEachOnce(log: string): boolean {
  return ['install 2.0.0\nundo to 1.0.0\ninstall 2.0.0\n', 'install 2.0.0\n'].includes(log);
}
