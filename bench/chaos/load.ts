import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { fleetInventory } from '../../examples/demo/fleet-inventory';
import type { Fleet } from '../../test/support/fleet/fleet';
import { mainstayWithin } from './client';
import { judgeEffects } from './effects-log';
import type { EffectLine, Verdict } from './effects-log';
import { chaosRunbook } from './runbook';

export interface ChaosRun {
  readonly tag: string;
  readonly outcome: string;
  /** How often its client found no engine, and went on. */
  readonly absences: number;
}

const Ended = z.object({ outcome: z.string().nullable() });
const team = `apiVersion: mainstay/v1
kind: Team
metadata: { name: chaos, version: 1.0.0, title: Chaos, owner: team/chaos }
spec: { members: [user/anna], secrets: ['file:'] }
`;
const runsAtOnce = 2;
const longestRunMs = 120_000;

/** Keeps rollouts going, each started and awaited by `mainstay run --wait`, until told to finish. */
export class Load {
  #finishing = false;
  readonly #lanes: Promise<readonly ChaosRun[]>[];

  private constructor(
    private readonly dataDirectory: string,
    private readonly hosts: readonly string[],
  ) {
    this.#lanes = Array.from({ length: runsAtOnce }, (_, lane) => this.#lane(lane));
  }

  static async start(dataDirectory: string, fleet: Fleet): Promise<Load> {
    const file = join(dataDirectory, 'chaos.yaml');
    const documents = [chaosRunbook, team, fleetInventory(fleet, 'team/chaos')];
    await writeFile(file, documents.join('---\n'));
    const applied = await mainstayWithin(longestRunMs, ['apply', file, '--as', 'user/anna', '--data', dataDirectory]);
    if (applied.exitCode !== 0) throw new Error(`Cannot publish the runbook: ${applied.stderr}`);
    const hosts = fleet.hosts.map((host) => host.name);
    return new Load(dataDirectory, hosts);
  }

  async finish(): Promise<readonly ChaosRun[]> {
    this.#finishing = true;
    return (await Promise.all(this.#lanes)).flat();
  }

  judge(lines: readonly EffectLine[], runs: readonly ChaosRun[]): Verdict {
    const tags = runs.map((run) => run.tag);
    return judgeEffects(lines, tags, this.hosts);
  }

  async #lane(lane: number): Promise<readonly ChaosRun[]> {
    const runs: ChaosRun[] = [];
    while (!this.#finishing) runs.push(await this.#run(`lane${lane}run${runs.length}`));
    return runs;
  }

  async #run(tag: string): Promise<ChaosRun> {
    const what = ['chaos-rollout', '-i', `tag=${tag}`, '--inventory', 'fleet', '--as', 'user/anna'];
    const ran = await mainstayWithin(longestRunMs, ['run', ...what, '--wait', '--json', '--data', this.dataDirectory]);
    return { tag, outcome: outcomeOf(ran.stdout) ?? `none: ${ran.stderr}`, absences: ran.absences };
  }
}

function outcomeOf(stdout: string): string | null {
  if (stdout === '') return null;
  const ended = Ended.safeParse(JSON.parse(stdout));
  return ended.success ? ended.data.outcome : null;
}
