import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { fleetInventory } from '../../examples/demo/fleet-inventory';
import type { Fleet } from '../../test/support/fleet/fleet';
import { backupDocuments, hookSteps } from './backup-plan';
import type { BackupPlace } from './backup-plan';
import { inspectPlaces } from './backup-remains';
import { mainstayWithin } from './client';
import type { EffectLine, Verdict } from './effects-log';
import type { ChaosRun } from './load';

const team = `apiVersion: mainstay/v1
kind: Team
metadata: { name: chaos, version: 1.0.0, title: Chaos, owner: team/chaos }
spec: { members: [user/anna], secrets: ['file:'] }
`;
const lanesAtOnce = 2;
const longestOperationMs = 240_000;
const lookEveryMs = 500;
const filesOfSource = 40;

const Operations = z.array(
  z.object({ id: z.string(), kind: z.string(), plan: z.string(), outcome: z.string().nullable() }),
);
const Sets = z.array(z.object({ setId: z.string(), id: z.string() }));
const Ended = z.object({ id: z.string(), outcome: z.string().nullable() });

/**
 * Backups, drills and prunings of two hosts, one after the other, until told to finish. Every client must have seen `succeeded` or PASS;
 * afterwards every repository must hold exactly the sets that the engine knows, whole, and no drill may have left anything.
 */
export class BackupLoad {
  #finishing = false;
  readonly #lanes: Promise<readonly ChaosRun[]>[];

  private constructor(
    private readonly dataDirectory: string,
    private readonly places: readonly BackupPlace[],
    private readonly passwordFile: string,
  ) {
    this.#lanes = places.map((place) => this.#lane(place));
  }

  static async start(dataDirectory: string, fleet: Fleet): Promise<BackupLoad> {
    if (process.getuid?.() !== 0)
      throw new Error('Cannot load with backups: drills have networks of their own, which only root makes');
    const passwordFile = join(dataDirectory, 'chaos-password');
    // Nothing that a path or an output may hold: it would be masked there.
    await writeFile(passwordFile, `${randomUUID()}\n`, { mode: 0o600 });
    const places = await Promise.all(
      fleet.hosts.slice(0, lanesAtOnce).map(async (host, index): Promise<BackupPlace> => {
        const below = (name: string): string => join(dataDirectory, `backup-${index}`, name);
        await fillSource(below('source'));
        return {
          plan: `chaos-${index}`,
          host,
          source: below('source'),
          repository: below('repository'),
          places: below('places'),
        };
      }),
    );
    const about = { hostName: hostname(), passwordFile };
    const file = join(dataDirectory, 'chaos.yaml');
    const plans = places.map((place) => backupDocuments(place, about));
    // The team and its hosts are there before the plans that name them.
    for (const text of [[team, fleetInventory(fleet, 'team/chaos', 'root')].join('---\n'), plans.join('---\n')]) {
      await writeFile(file, text);
      const applied = await mainstayWithin(longestOperationMs, [
        'apply',
        file,
        '--as',
        'user/anna',
        '--data',
        dataDirectory,
      ]);
      if (applied.exitCode !== 0) throw new Error(`Cannot publish the plans: ${applied.stderr}`);
    }
    return new BackupLoad(dataDirectory, places, passwordFile);
  }

  async finish(): Promise<readonly ChaosRun[]> {
    this.#finishing = true;
    const runs = (await Promise.all(this.#lanes)).flat();
    await this.#untilAllEnded();
    return runs;
  }

  /** Both hooks once for each backup, and nothing that is not as it should be. */
  async judge(lines: readonly EffectLine[]): Promise<Verdict> {
    const operations = await this.#operations();
    const backups = operations.filter(({ kind }) => kind === 'backup');
    const wanted = backups.flatMap(({ id }) => hookSteps.map((step) => `${id}/${step}`));
    const found = lines.map(({ tag, step }) => `${tag}/${step}`);
    const remains = await Promise.all(
      this.places.map(async (place) => {
        const known = Sets.parse(JSON.parse(await this.#say(['backup', 'list', place.plan, '--json'])));
        return inspectPlaces(place, { known: known.map(({ setId }) => setId), passwordFile: this.passwordFile });
      }),
    );
    const unsuccessful = operations.filter(({ outcome }) => outcome !== 'succeeded' && outcome !== 'PASS');
    return {
      expected: wanted.length,
      found: found.length,
      repeated: [
        ...found.filter((key, index) => found.indexOf(key) !== index || !wanted.includes(key)),
        ...remains.flat(),
        ...unsuccessful.map(({ kind, id, outcome }) => `${kind} ${id} ended ${outcome ?? 'never'}`),
      ],
      missing: wanted.filter((key) => !found.includes(key)),
    };
  }

  async #lane(place: BackupPlace): Promise<readonly ChaosRun[]> {
    const runs: ChaosRun[] = [];
    while (!this.#finishing) {
      runs.push(await this.#follow(['run', place.plan]));
      runs.push(await this.#follow(['drill', place.plan]));
      runs.push(await this.#ask(['forget', place.plan]));
    }
    return runs;
  }

  async #follow([verb = '', ...rest]: readonly string[]): Promise<ChaosRun> {
    const asked = ['backup', verb, ...rest, '--wait', '--json', '--as', 'user/anna', '--data', this.dataDirectory];
    const ran = await mainstayWithin(longestOperationMs, asked);
    if (ran.exitCode === 0) return { tag: `${verb} ${rest.join(' ')}`, outcome: 'succeeded', absences: ran.absences };
    if (isNotThere(ran.stderr)) return this.#again([verb, ...rest]);
    const ended = ran.stdout === '' ? null : Ended.safeParse(JSON.parse(ran.stdout));
    const outcome = ended?.success === true ? `${ended.data.id} ${ended.data.outcome ?? ''}` : `none: ${ran.stderr}`;
    return { tag: `${verb} ${rest.join(' ')}`, outcome, absences: ran.absences };
  }

  async #again(args: readonly string[]): Promise<ChaosRun> {
    await sleep(lookEveryMs);
    return this.#follow(args);
  }

  async #ask(args: readonly string[]): Promise<ChaosRun> {
    await this.#say(['backup', ...args, '--as', 'user/anna', '--json']);
    return { tag: args.join(' '), outcome: 'succeeded', absences: 0 };
  }

  async #operations(): Promise<z.infer<typeof Operations>> {
    return Operations.parse(
      JSON.parse(await this.#say(['backup', 'list', '--operations', '--limit', '1000', '--json'])),
    );
  }

  /** Prunings are begun by the keepers themselves; none is under way when the last ones have had their grace. */
  async #untilAllEnded(): Promise<void> {
    const giveUpAt = Date.now() + longestOperationMs;
    for (let quiet = 0; quiet < 6;) {
      if (Date.now() > giveUpAt) throw new Error('Cannot judge the backups: an operation did not end in time');
      const open = (await this.#operations()).filter(({ outcome }) => outcome === null);
      quiet = open.length === 0 ? quiet + 1 : 0;
      await sleep(lookEveryMs);
    }
  }

  /** A command that begins while nothing is there is refused at once; its user would type it again. */
  async #say(args: readonly string[]): Promise<string> {
    for (const giveUpAt = Date.now() + longestOperationMs; ; await sleep(lookEveryMs)) {
      const ran = await mainstayWithin(longestOperationMs, [...args, '--data', this.dataDirectory]);
      if (ran.exitCode === 0) return ran.stdout;
      if (!isNotThere(ran.stderr) || Date.now() > giveUpAt)
        throw new Error(`${args.slice(0, 2).join(' ')}: ${ran.stderr}`);
    }
  }
}

function isNotThere(stderr: string): boolean {
  return stderr.includes('NOT_CONNECTED');
}

async function fillSource(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let number = 0; number < filesOfSource; number += 1)
    await writeFile(join(folder, `file-${number}`), `${number}\n`.repeat(2_000));
}
