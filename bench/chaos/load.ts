import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { fleetInventory } from '../../examples/demo/fleet-inventory';
import type { Fleet } from '../../test/support/fleet/fleet';
import type { Engine } from '../engine';
import { chaosRunbook } from './runbook';

export interface ChaosRun {
  readonly tag: string;
  readonly id: string;
  readonly outcome: string;
}

const Started = z.object({ id: z.string() });
const Shown = z.object({ state: z.string(), outcome: z.string().nullable() });
const team = `apiVersion: mainstay/v1
kind: Team
metadata: { name: chaos, version: 1.0.0, title: Chaos, owner: team/chaos }
spec: { members: [user/anna], secrets: ['file:'] }
`;
const runsAtOnce = 2;
const longestRunMs = 60_000;

/** Keeps rollouts going until told to finish. */
export class Load {
  #finishing = false;
  readonly #lanes: Promise<readonly ChaosRun[]>[];

  private constructor(private readonly engine: Engine) {
    this.#lanes = Array.from({ length: runsAtOnce }, (_, lane) => this.#lane(lane));
  }

  static async start(engine: Engine, fleet: Fleet): Promise<Load> {
    const files = [chaosRunbook, team, fleetInventory(fleet).replaceAll('team/web', 'team/chaos')];
    const text = files.join('---\n');
    await engine.api.post(
      '/definitions',
      { body: { sources: [{ name: 'chaos.yaml', text }], actor: 'user/anna' } },
      z.unknown(),
    );
    return new Load(engine);
  }

  async finish(): Promise<readonly ChaosRun[]> {
    this.#finishing = true;
    return (await Promise.all(this.#lanes)).flat();
  }

  async #lane(lane: number): Promise<readonly ChaosRun[]> {
    const runs: ChaosRun[] = [];
    while (!this.#finishing) {
      const tag = `lane${lane}run${runs.length}`;
      runs.push(await this.#run(tag));
    }
    return runs;
  }

  async #run(tag: string): Promise<ChaosRun> {
    const body = { definition: 'chaos-rollout', inputs: { tag }, inventory: 'fleet', requester: 'user/anna' };
    const { id } = await this.#patiently(() => this.engine.api.post('/runs', { body, key: tag }, Started));
    const deadline = Date.now() + longestRunMs;
    while (Date.now() < deadline) {
      const shown = await this.#patiently(() => this.engine.api.get(`/runs/${id}`, {}, Shown));
      if (shown.state === 'closed') return { tag, id, outcome: shown.outcome ?? 'none' };
      await sleep(200);
    }
    return { tag, id, outcome: 'never ended' };
  }

  /** While the server is between two lives the API refuses; the idempotency key makes asking again safe. */
  async #patiently<T>(ask: () => Promise<T>): Promise<T> {
    const deadline = Date.now() + longestRunMs;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(300);
      }
    }
  }
}
