import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { startFleet } from '../../test/support/fleet/fleet';
import type { Fleet } from '../../test/support/fleet/fleet';
import { mainstay, startUp } from '../../test/support/up-process';
import type { Ran, UpPlace, UpProcess } from '../../test/support/up-process';
import { backupPlanText } from './backup-plan';
import { openDatabase } from './database';
import type { ShopDatabase } from './database';
import { fleetInventory } from './fleet-inventory';

interface Props {
  readonly say: (line: string) => void;
  readonly place: UpPlace;
  readonly fleet: Fleet;
  readonly database: ShopDatabase;
  readonly engine: UpProcess;
}

/** One host with a database that archives its log, and an engine that knows how it is backed up; taken down in reverse order. */
export class BackupStage {
  private constructor(private readonly props: Props) {}

  static async open(setting: { readonly say: Props['say']; readonly runbooks: string }): Promise<BackupStage> {
    const { say, runbooks } = setting;
    if (process.getuid?.() !== 0)
      throw new Error('Cannot show restores: isolated places have networks of their own, which only root makes');
    const data = await mkdtemp(join(tmpdir(), 'mainstay-demo-'));
    const place: UpPlace = { folder: data, data, settings: {}, note: (text) => void process.stderr.write(text) };
    const [fleet, database] = await Promise.all([startFleet({ hosts: 1, names: ['db1'] }), openDatabase('shop')]);
    say('a host with a real PostgreSQL: pgBackRest archives its log, and a client never stops writing');
    const engine = await startUp(place);
    const stage = new BackupStage({ say, place, fleet, database, engine });
    const documents = join(data, 'backup.yaml');
    const plan = backupPlanText(database.cluster, stage.places, hostname());
    await writeFile(documents, [plan, fleetInventory(fleet, 'team/shop', 'root')].join('---\n'));
    await stage.must(['apply', join(runbooks, 'people.yaml')]);
    await stage.must(['apply', documents, '--as', 'user/carl']);
    say(`the engine is up, its data in ${data}`);
    return stage;
  }

  /** Where drills and restores open their places; the account of the cluster works there, too. */
  get places(): string {
    return join(this.props.database.cluster.directory, 'places');
  }

  get database(): ShopDatabase {
    return this.props.database;
  }

  say(line: string): void {
    this.props.say(line);
  }

  /** Runs the command line; a refusal ends the demo with what was said. */
  async must(args: readonly string[]): Promise<Ran> {
    const ran = await this.try(args);
    if (ran.exitCode === 0) return ran;
    throw new Error(`Cannot run "mainstay ${args.join(' ')}": exit ${ran.exitCode}\n${ran.stdout}${ran.stderr}`);
  }

  try(args: readonly string[]): Promise<Ran> {
    return mainstay(this.props.place, ...args);
  }

  async close(): Promise<void> {
    const { engine, database, fleet, place } = this.props;
    await engine.stop('SIGTERM');
    await database.close();
    await fleet.stop();
    await rm(place.data, { recursive: true, force: true });
  }
}
