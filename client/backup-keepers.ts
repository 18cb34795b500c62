import { createHash } from 'node:crypto';

import type { KeeperInput } from '../workflows/backup/messages';
import { isRequestError } from './api/errors';
import type { BackupDependencies } from './backup-engine';

/** In whose name a keeper acts when nobody has asked it to. */
const keeperRequester = 'service/backup';

const atOnce = 20;

/** `k` and twelve hexadecimal digits: each name has one keeper, however often it is published. */
export function keeperIdOf(plan: string): string {
  return `k${createHash('sha256').update(plan).digest('hex').slice(0, 12)}`;
}

export async function keeperInput({ store, now }: BackupDependencies, plan: string): Promise<KeeperInput> {
  const { id: installation } = await store.installation();
  const id = keeperIdOf(plan);
  const keeper = { installation, id, number: 0, requester: keeperRequester, createdAt: now(), parent: null };
  return { keeper, plan };
}

export interface Published {
  readonly kind: string;
  readonly name: string;
}

/** Tells keepers at once that their plan, or a runbook of their provider, was published; whom it does not reach looks again by itself. */
export async function announceToKeepers(
  dependencies: BackupDependencies,
  published: readonly Published[],
): Promise<void> {
  const plans = await concernedBy(dependencies, published);
  for (let from = 0; from < plans.length; from += atOnce)
    await Promise.all(plans.slice(from, from + atOnce).map((plan) => tellKeeperOf(dependencies, plan)));
}

async function concernedBy({ store }: BackupDependencies, published: readonly Published[]): Promise<readonly string[]> {
  const own = published.filter(({ kind }) => kind === 'BackupPlan').map(({ name }) => name);
  const providers = new Set(
    published.flatMap(({ kind, name }) => (kind === 'Runbook' ? (/^backup\/([^/]+)\//.exec(name)?.[1] ?? []) : [])),
  );
  if (providers.size === 0) return [...new Set(own)];
  const kept = (await store.backups.plans()).filter(({ provider }) => providers.has(provider));
  return [...new Set([...own, ...kept.map(({ name }) => name)])];
}

/** Whom it does not reach looks again by itself. */
export async function tellKeeperOf(dependencies: BackupDependencies, plan: string): Promise<void> {
  try {
    await dependencies.gateway.tellKeeper(await keeperInput(dependencies, plan));
  } catch (error) {
    // Publishing does not fail because nobody could be told of it.
    if (!isRequestError(error) || error.code !== 'ENGINE_UNAVAILABLE') throw error;
  }
}

/** Starts the keeper of every published plan that has none; each is asked about once in the life of this process. */
export function keeperStarter(dependencies: BackupDependencies): () => Promise<number> {
  const begun = new Set<string>();
  return async () => {
    let started = 0;
    const plans = (await dependencies.sources.published()).filter((plan) => !begun.has(plan));
    for (let from = 0; from < plans.length; from += atOnce) {
      const some = plans.slice(from, from + atOnce);
      const results = await Promise.all(
        some.map(async (plan) => dependencies.gateway.startKeeper(await keeperInput(dependencies, plan))),
      );
      started += results.filter((result) => result === 'started').length;
      for (const plan of some) begun.add(plan);
    }
    return started;
  };
}
