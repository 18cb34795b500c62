import { setTimeout as sleep } from 'node:timers/promises';

import { team, twoStepRunbook } from '../runbooks';
import type { ViewerPlace } from './viewer';

type Api = Pick<ViewerPlace, 'url' | 'token'>;

/** Runs that begin one after the other, so many a second; what the API does not take while it is dead is not made up for. */
export class RunLoad {
  started = 0;
  #leaving = false;
  readonly #starting: Promise<void>;

  private constructor(
    private readonly api: Api,
    private readonly perSecond: number,
  ) {
    this.#starting = this.#start();
  }

  static async begin(api: Api, perSecond: number): Promise<RunLoad> {
    const sources = [{ name: 'bench.yaml', text: [team, twoStepRunbook('activities')].join('---\n') }];
    await post(api, '/definitions', { sources, actor: 'user/anna' });
    return new RunLoad(api, perSecond);
  }

  async stop(): Promise<void> {
    this.#leaving = true;
    await this.#starting;
  }

  async #start(): Promise<void> {
    while (!this.#leaving) {
      const body = { definition: 'two-activities', requester: 'user/anna' };
      const isTaken = await post(this.api, '/runs', body).catch(() => false);
      if (isTaken) this.started += 1;
      await sleep(1_000 / this.perSecond);
    }
  }
}

async function post({ url, token }: Api, path: string, body: unknown): Promise<boolean> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  await response.body?.cancel();
  return response.ok;
}
