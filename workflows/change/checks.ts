import type { ResolvedCalendar } from '../domain/calendar';
import { freezeDuty } from '../domain/freeze';
import type { FreezeDuty, FreezePhase, FreezeReason, FreezeRule } from '../domain/freeze';
import type { Interval } from '../domain/intervals';
import type { Closing } from '../domain/calendar';
import { asJson, noteOnce } from './facts';
import type { Here } from './here';
import type { ConflictAnswer, ConflictQuestion } from './messages';

/** How far before and after the window calendars are looked at: a held change wants to know when it fits. */
const aheadMs = 31 * 24 * 60 * 60 * 1000;

/** The calendars of the change's model, around its window. What is not published counts as closed: a gate is never open by mistake. */
export async function calendarsOf(here: Here): Promise<readonly ResolvedCalendar[]> {
  const { state, effects } = here;
  const names = state.model?.calendars ?? [];
  if (names.length === 0) return [];
  const fromMs = Math.min(effects.now(), state.window.startMs);
  const untilMs = Math.max(effects.now(), state.window.endMs) + aheadMs;
  const { calendars, missing } = await effects.lookUp('calendars', { names, fromMs, untilMs });
  return [...calendars, ...missing.map((name) => unknownCalendar(name))];
}

function unknownCalendar(name: string): ResolvedCalendar {
  const nothing = { startMs: 0, endMs: 0 };
  return { type: 'DEFAULT_CLOSED', name, version: 'not published', horizon: nothing, openings: [] };
}

/** R-FREEZE-2, R-FREEZE-4: what the calendars demand of the change now; which of them were asked is journaled (R-TIME-6). */
export async function freezeNow(phase: FreezePhase, ahead: Interval, here: Here): Promise<FreezeDuty> {
  const { state } = here;
  const calendars = await calendarsOf(here);
  const rule: FreezeRule = { type: state.model?.type ?? 'normal', calendars, passed: state.freeze.passed };
  const duty = freezeDuty(rule, phase, ahead);
  if (calendars.length > 0) noteCalendars(phase, { calendars, duty }, here);
  return duty;
}

function noteCalendars(
  at: string,
  { calendars, duty }: { readonly calendars: readonly ResolvedCalendar[]; readonly duty: FreezeDuty },
  here: Here,
): void {
  const consulted = calendars.map(({ name, version }) => ({ calendar: name, version }));
  const closings = duty.kind === 'proceed' ? [] : closingsOf(duty.because);
  noteOnce(here, 'change.calendars', {
    at,
    verdict: duty.kind,
    consulted: asJson(consulted),
    closings: asJson(closings.slice(0, 20)),
  });
}

export function closingsOf(because: FreezeReason): readonly Closing[] {
  return because.kind === 'closed' ? because.closings : [];
}

export function freezeText(because: FreezeReason): string {
  if (because.kind === 'unresolved')
    return `the calendars are not resolved beyond ${new Date(because.fromMs).toISOString()}`;
  const [first, ...others] = because.closings;
  if (first === undefined) return 'the calendars are closed';
  const until = new Date(first.during.endMs).toISOString();
  const what = first.reason === 'closure' ? `"${first.closure.title}" (${first.closure.force})` : 'no opening';
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `calendar "${first.calendar}" is closed: ${what} until ${until}${more}`;
}

interface ConflictAsk {
  readonly when: string;
  readonly take?: boolean;
  /** Only the stretch from the window's end to here. */
  readonly addedUntilMs?: number;
}

/** R-CONF-3: looked for at submission, vote, reschedule, extension and start. */
export async function conflictsNow({ when, take, addedUntilMs }: ConflictAsk, here: Here): Promise<ConflictAnswer> {
  const { state, effects, input } = here;
  const { window, model, draft } = state;
  const isWhole = addedUntilMs === undefined;
  const question: ConflictQuestion = {
    changeId: input.change.id,
    at: effects.now(),
    type: model?.type ?? 'normal',
    owner: input.change.requester,
    assignees: draft.assignees ?? [],
    startMs: isWhole ? window.startMs : window.endMs,
    windowEndMs: addedUntilMs ?? window.endMs,
    preparationMs: isWhole ? (model?.preparationMs ?? 0) : 0,
    depth: model?.conflictDepth ?? 1,
    calendars: model?.calendars ?? [],
    passed: state.freeze.passed,
    part: isWhole ? 'whole' : 'added',
    take: take ?? false,
  };
  const answer = await effects.lookUp('changeConflicts', question);
  noteOnce(here, 'change.conflicts', { at: when, verdict: answer.verdict, conflicts: asJson(answer.conflicts) });
  return answer;
}

/** What the lines say, and who holds an item where they do not. */
export function conflictText({ lines, heldBy }: ConflictAnswer): string {
  return lines.length > 0 ? lines.join('; ') : `its items are locked by ${heldBy.join(', ')}`;
}
