import { readFileBeside } from '../../activities/plans/published';
import { readCalendar } from '../../definitions/calendar/read';
import { longestHorizonMs, resolveCalendar } from '../../definitions/calendar/resolve';
import { resolveReference } from '../../definitions/library';
import type { Tiers } from '../../definitions/library';
import type { ResolvedCalendar } from '../../workflows/domain/calendar';

const dayMs = 24 * 60 * 60 * 1000;

/** Every calendar that a rehearsal may name, resolved from a day before it begins for as long as it can take. */
export function rehearsalCalendars(tiers: Tiers, startMs: number): readonly ResolvedCalendar[] {
  const all = tiers.flat().filter(({ kind }) => kind === 'Calendar');
  const names = [...new Set(all.map(({ metadata }) => metadata.name))];
  const stretch = { startMs: startMs - dayMs, endMs: startMs - dayMs + longestHorizonMs };
  return names.flatMap((name) => {
    const found = resolveReference('Calendar', name, tiers);
    if (!found.ok) return [];
    const reading = readCalendar(found.document, (from, file) => readFileBeside(new Map(), from, file));
    // What is wrong with it is told by `check`; a run that needs it ends for want of it.
    return reading.ok ? [resolveCalendar(reading.calendar, stretch)] : [];
  });
}
