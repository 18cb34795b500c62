import type { FoundAlarms } from './alarm-names';
import type { Here } from './here';
import { knownSets, listSets } from './looking';
import type { Listing } from './looking';
import type { KnownSet } from './messages';
import type { Ended } from './operation';
import { placeHomes } from './place-homes';
import { placesLeft } from './place-sweep';
import { lookAround } from './preflight';

/** Looks at everything and touches nothing. Where it could not look, that is an alarm too. */
export async function watch(here: Here): Promise<Ended> {
  const around = await lookAround(here);
  const listing = await listSets(here);
  const missing = missingText(listing, await knownSets(here));
  const places = await leftPlaces(here);
  const alarms: FoundAlarms = {
    ...(around.ok ? { ...around.verdict.alarms, ...lockAlarm(around.verdict.next) } : { preflight: around.reason }),
    ...(missing === null ? {} : { missing }),
    ...(places.text === null ? {} : { places: places.text }),
  };
  const hasLooked = around.ok && listing.ok && places.looked;
  return {
    outcome: hasLooked ? 'succeeded' : 'blocked',
    reason: hasLooked ? `${Object.keys(alarms).length} alarms` : Object.values(alarms).join('; '),
    set: null,
    alarms,
  };
}

type Next = Extract<Awaited<ReturnType<typeof lookAround>>, { ok: true }>['verdict']['next'];

/** Who works with the repository now is no alarm, and a backup breaks what is proven dead. */
function lockAlarm(next: Next): FoundAlarms {
  if (next.kind !== 'ask') return {};
  const locks = next.locks.map(({ id, host, pid }) => `"${id}" (process ${pid} on ${host})`);
  return { locks: `nobody can prove that the holder of lock ${locks.join(', ')} is gone` };
}

/** Null: what is known to be there is there. */
function missingText(listing: Listing, known: readonly KnownSet[]): string | null {
  if (!listing.ok) return `nobody could look what is in the repository: ${listing.reason}`;
  const there = new Set(listing.sets.map(({ setId }) => setId));
  const oldest = listing.cut ? Math.min(...listing.sets.map(({ atMs }) => atMs)) : -Infinity;
  const missing = known.filter(({ owned, setId, atMs }) => owned && atMs > oldest && !there.has(setId));
  return missing.length === 0
    ? null
    : `the repository does not hold ${missing.map(({ id, setId }) => `${id} (${setId})`).join(', ')}`;
}

/** R-DRILL-6. Of drills and of restores: an alarm that either raised goes off only when both were looked for. */
async function leftPlaces(here: Here): Promise<{ readonly looked: boolean; readonly text: string | null }> {
  const texts: string[] = [];
  let looked = true;
  for (const home of placeHomes(here.input.plan)) {
    const swept = await placesLeft(home, here);
    if ('fault' in swept) {
      looked = false;
      texts.push(`nobody could look what is left on ${home.host}: ${swept.fault}`);
    } else if (swept.labels.length > 0)
      texts.push(`left on ${home.host} in ${home.parent}: ${swept.labels.join(', ')}`);
  }
  return { looked, text: texts.length === 0 ? null : texts.join('; ') };
}
