import type { ChangePhase } from '../workflows/change/lifecycle';
import { isRequestError } from './api/errors';
import type { ChangeDependencies } from './change-engine';

/** Which changes have to look again when a definition of this kind was published. */
const concerned: { readonly [kind: string]: readonly ChangePhase[] } = {
  Calendar: ['scheduled', 'held', 'implementing'],
  Inventory: ['held'],
  Runbook: ['held'],
  Team: ['authorising', 'scheduled', 'held', 'implementing'],
  Person: ['authorising', 'scheduled', 'held', 'implementing'],
  Roster: ['authorising', 'scheduled', 'held', 'implementing'],
};

/** In one phase; whoever is behind these looks again by itself within hours. */
const mostTold = 1_000;
const atOnce = 20;

/** Tells changes at once that something around them is not what it was. Whom it does not reach looks again by itself. */
export async function announce({ store, gateway }: ChangeDependencies, kinds: readonly string[]): Promise<void> {
  const phases = new Set(kinds.flatMap((kind) => concerned[kind] ?? []));
  for (const phase of phases) {
    const rows = await store.changes.list({ phase, limit: mostTold });
    for (let from = 0; from < rows.length; from += atOnce)
      await Promise.all(rows.slice(from, from + atOnce).map(({ id }) => tell(gateway, id)));
  }
}

async function tell(gateway: ChangeDependencies['gateway'], changeId: string): Promise<void> {
  try {
    await gateway.tellNews(changeId);
  } catch (error) {
    // Publishing does not fail because nobody could be told of it.
    if (!isRequestError(error) || error.code !== 'ENGINE_UNAVAILABLE') throw error;
  }
}
