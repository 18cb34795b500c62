import { calendarVerdict, nextOpenSlot, openTimeOf } from '../../../domain/calendar';
import type { ConsultedCalendar } from '../../../domain/calendar';
import { hourMs } from '../../../domain/duration';
import type { Failure } from '../../../domain/failure';
import type { Here } from '../../here';

/** How far ahead an opening is looked for at a time. */
const aheadMs = 62 * 24 * hourMs;

/** A calendar that is published while the run waits for it counts within a quarter of a day. */
const lookAgainMs = 6 * hourMs;

export type WaitedForWindow =
  { readonly open: true; readonly consulted: ConsultedCalendar } | { readonly open: false; readonly failure: Failure };

/**
 * Waits until the calendar, as it is published then, is open (R-FREEZE-1). At the opening that was foreseen it is looked at once more:
 * a freeze may have come since.
 */
export async function waitForWindow(name: string, here: Here): Promise<WaitedForWindow> {
  const { effects } = here;
  for (;;) {
    const nowMs = effects.now();
    const { calendars } = await effects.lookUp('calendars', { names: [name], fromMs: nowMs, untilMs: nowMs + aheadMs });
    const [calendar] = calendars;
    if (calendar === undefined) return { open: false, failure: notPublished(name) };
    const verdict = calendarVerdict([calendar], { startMs: nowMs, endMs: nowMs });
    if (verdict.kind === 'open') return { open: true, consulted: { calendar: name, version: calendar.version } };
    const opensAtMs = nextOpenSlot(openTimeOf([calendar]), nowMs, 1)?.startMs ?? Infinity;
    await effects.waitFor(() => false, Math.min(opensAtMs, nowMs + lookAgainMs));
  }
}

function notPublished(name: string): Failure {
  return { code: 'CALENDAR_NOT_PUBLISHED', message: `Cannot wait for the calendar "${name}": it is not published` };
}
