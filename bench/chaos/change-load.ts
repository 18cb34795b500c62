import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { fleetInventory } from '../../examples/demo/fleet-inventory';
import type { Fleet } from '../../test/support/fleet/fleet';
import { changeDocuments, changeSteps, hostsOfChange, touchedHosts } from './change-runbook';
import { mainstayWithin } from './client';
import type { EffectLine, Verdict } from './effects-log';
import { openGate } from './gate';
import type { Gate } from './gate';
import type { ChaosRun } from './load';

const team = `apiVersion: mainstay/v1
kind: Team
metadata: { name: chaos, version: 1.0.0, title: Chaos, owner: team/chaos }
spec: { members: [user/anna, user/ben, user/rita], secrets: ['file:'] }
`;
const longestChangeMs = 240_000;
const lookEveryMs = 300;

const Change = z.object({ id: z.string(), phase: z.string(), outcome: z.string().nullable() });
const Tasks = z.array(z.object({ id: z.string(), kind: z.string(), title: z.string() }));

/**
 * Changes one after the other on two halves of a fleet: opened, approved by two people, carried out in their window, stopped by their
 * gate after the second wave, backed out, reviewed. Each is right when it ended backed out and its hosts are as before.
 */
export class ChangeLoad {
  #finishing = false;
  readonly #lanes: Promise<readonly ChaosRun[]>[];

  private constructor(
    private readonly dataDirectory: string,
    private readonly fleet: Fleet,
    private readonly gate: Gate,
  ) {
    const halves = Array.from({ length: Math.floor(fleet.hosts.length / hostsOfChange) }, (_, half) => half);
    this.#lanes = halves.map((half) => this.#lane(half));
  }

  static async start(dataDirectory: string, fleet: Fleet): Promise<ChangeLoad> {
    const gate = await openGate();
    const file = join(dataDirectory, 'chaos.yaml');
    await writeFile(file, [changeDocuments(gate.url), team, fleetInventory(fleet, 'team/chaos')].join('---\n'));
    const applied = await mainstayWithin(longestChangeMs, [
      'apply',
      file,
      '--as',
      'user/anna',
      '--data',
      dataDirectory,
    ]);
    if (applied.exitCode !== 0) throw new Error(`Cannot publish the runbook: ${applied.stderr}`);
    return new ChangeLoad(dataDirectory, fleet, gate);
  }

  async finish(): Promise<readonly ChaosRun[]> {
    this.#finishing = true;
    const changes = (await Promise.all(this.#lanes)).flat();
    await this.gate.close();
    return Promise.all(changes.map((change) => this.#withState(change)));
  }

  /** Every step forth and back once on each touched host, and nothing on the others. */
  judge(lines: readonly EffectLine[], changes: readonly ChaosRun[]): Verdict {
    const seen = new Map<string, number>();
    for (const { tag, host, step } of lines) {
      const key = `${tag}/${host}/${step}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    const wanted = changes.flatMap(({ tag }) =>
      this.#hostsOf(tag)
        .slice(0, touchedHosts)
        .flatMap(({ name }) => changeSteps.map((step) => `${tag}/${name}/${step}`)),
    );
    const unwanted = [...seen.keys()].filter((key) => !wanted.includes(key));
    const repeated = [...seen].filter(([, count]) => count > 1).map(([key]) => key);
    return {
      expected: wanted.length,
      found: lines.length,
      repeated: [...repeated, ...unwanted],
      missing: wanted.filter((key) => !seen.has(key)),
    };
  }

  async #lane(half: number): Promise<readonly ChaosRun[]> {
    const changes: ChaosRun[] = [];
    while (!this.#finishing) changes.push(await this.#change(`half${half}change${changes.length}`));
    return changes;
  }

  async #change(tag: string): Promise<ChaosRun> {
    const deadline = Date.now() + longestChangeMs;
    try {
      const id = await this.#open(tag);
      await this.#until(deadline, async () => {
        await this.#approve(tag);
        return (await this.#show(id)).phase === 'reviewing';
      });
      await this.#say(['change', 'review', id, '--outcome', 'backed-out', '--text', tag, '--as', 'user/mara']);
      const { phase, outcome } = await this.#show(id);
      return {
        tag,
        outcome: phase === 'closed' && outcome === 'backed-out' ? 'succeeded' : `${phase} ${outcome}`,
        absences: 0,
      };
    } catch (error) {
      return { tag, outcome: `none: ${error instanceof Error ? error.message : String(error)}`, absences: 0 };
    }
  }

  async #open(tag: string): Promise<string> {
    const start = Date.now() + 3_000;
    const window = [
      '--window-start',
      new Date(start).toISOString(),
      '--window-end',
      new Date(start + 7_200_000).toISOString(),
    ];
    const what = ['--model', 'chaos-change', '--runbook', 'chaos-change', '--title', tag, '-i', `tag=${tag}`];
    const where = [
      '--inventory',
      'fleet',
      '--limit',
      this.#hostsOf(tag)
        .map(({ name }) => name)
        .join(','),
    ];
    const opened = await this.#say(['change', 'open', ...what, ...where, ...window, '--as', 'user/rita', '--json']);
    const { id } = Change.parse(JSON.parse(opened));
    await this.#say(['change', 'submit', id, '--as', 'user/rita']);
    return id;
  }

  async #approve(tag: string): Promise<void> {
    const tasks = Tasks.parse(JSON.parse(await this.#say(['tasks', '--json'])));
    for (const { id } of tasks.filter(({ kind, title }) => kind === 'approval' && title.includes(tag)))
      // Who has voted already is told so.
      for (const person of ['user/anna', 'user/ben']) await this.#mainstay(['approve', id, '--as', person]);
  }

  async #show(id: string): Promise<z.infer<typeof Change>> {
    return Change.parse(JSON.parse(await this.#say(['change', 'show', id, '--json'])));
  }

  async #until(deadline: number, isDone: () => Promise<boolean>): Promise<void> {
    while (!(await isDone())) {
      if (Date.now() > deadline) throw new Error('it did not come to its review in time');
      await sleep(lookEveryMs);
    }
  }

  /** A command that begins while nothing is there is refused at once; its user would type it again. */
  async #say(args: readonly string[]): Promise<string> {
    const deadline = Date.now() + longestChangeMs;
    for (;;) {
      const ran = await this.#mainstay(args);
      if (ran.exitCode === 0) return ran.stdout;
      if (!ran.stderr.includes('NOT_CONNECTED') || Date.now() > deadline)
        throw new Error(`${args.slice(0, 2).join(' ')}: ${ran.stderr}`);
      await sleep(lookEveryMs);
    }
  }

  #mainstay(args: readonly string[]): ReturnType<typeof mainstayWithin> {
    return mainstayWithin(longestChangeMs, [...args, '--data', this.dataDirectory]);
  }

  #hostsOf(tag: string): Fleet['hosts'] {
    const half = Number(/^half(\d+)/.exec(tag)?.[1] ?? 0);
    return this.fleet.hosts.slice(half * hostsOfChange, (half + 1) * hostsOfChange);
  }

  /** What the hosts serve counts more than what the change says of itself. */
  async #withState(change: ChaosRun): Promise<ChaosRun> {
    const states = await Promise.all(
      this.#hostsOf(change.tag).map(({ home }) =>
        readFile(join(home, `state.${change.tag}`), 'utf8').catch(() => 'old\n'),
      ),
    );
    const isAsBefore = states.every((state) => state.trim() === 'old');
    return isAsBefore ? change : { ...change, outcome: `${change.outcome}, but a host is not as before` };
  }
}
