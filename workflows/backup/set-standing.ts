import { levelsShown } from '../domain/backup-levels';
import type { DrillFacts } from '../domain/drill-verdict';
import { note } from './here';
import type { Here } from './here';

/** What recovering a backup has shown of it, once nothing spoke against it. */
export function noteLevels(
  set: string,
  found: Pick<DrillFacts, 'restored' | 'replayed' | 'asserted'>,
  here: Here,
): void {
  const levels = levelsShown({
    restored: found.restored?.restored ?? false,
    started: found.replayed?.started ?? false,
    results: found.asserted?.results ?? [],
  });
  // What was restored whole was read whole.
  note(here, 'backup.level', { set, levels, atMs: here.effects.now(), readPercent: 100 });
}
