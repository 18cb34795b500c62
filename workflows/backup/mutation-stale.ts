import { canonicalJson } from '../domain/canonical-json';
import { isGood, newestFirst, setsById } from '../domain/backup-set';
import type { JsonObject } from '../domain/json';
import type { Chosen, Drilling } from './drill-record';
import type { Place } from './place';
import { isAtManifest } from './recovery';
import type { Recovery } from './recovery-roles';

/** A mutation that needs nothing of the provider: an older backup is passed off as the one that was asked for. */
export const staleBackup = 'stale-backup';

export type Older =
  | { readonly kind: 'older'; recovery(place: Place): Recovery }
  /** It would prove nothing. */
  | { readonly kind: 'none'; readonly reason: string };

/** The newest good one that is older and differs by its manifest: where nothing was written between, an older one is not wrong. */
export async function olderBackup({ set, sets, manifest }: Chosen, drilling: Drilling): Promise<Older> {
  const byId = setsById(sets);
  const olderOnes = newestFirst(sets).filter((each) => each.atMs < set.atMs && isGood(each, byId));
  for (const older of olderOnes.slice(0, mostLookedAt)) {
    const { manifest: its } = await drilling.effects.lookUp('backupManifest', { set: older.id });
    if (its === null || contentOf(its) === contentOf(manifest)) continue;
    const { policy, work, record } = drilling;
    const { stableForMs: stableMs } = policy;
    // Held against the manifest as strictly as what has just been proven, and not more so.
    const atManifest = isAtManifest(work.targetMs, record.facts.restored ?? { latestMs: 0 });
    // As it is: replayed to the end of the log it would be as new as any other.
    return {
      kind: 'older',
      recovery: (place) => ({ set: older, targetMs: 0, place, stableMs, manifest, atManifest, mutation: staleBackup }),
    };
  }
  return { kind: 'none', reason: 'there is no older good backup that holds anything else' };
}

const mostLookedAt = 20;

/** All of a manifest but when it was taken. */
function contentOf({ takenAtMs: _takenAtMs, snapshot: _snapshot, lsn: _lsn, ...content }: JsonObject): string {
  return canonicalJson(content);
}
