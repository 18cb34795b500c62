import type { ConsultedCalendar } from '../../../domain/calendar';
import { parseDuration } from '../../../domain/duration';
import type { Failure } from '../../../domain/failure';
import { evaluateExpression } from '../../../domain/expression';
import type { Json } from '../../../domain/json';
import type { Here, Opened } from '../../here';
import { whileWaiting } from '../../life';
import type { WaitStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';
import { render, scopeOf } from '../../scope';
import type { ReceivedEvent } from '../../state';
import { waitForWindow } from './window';

type Waiting = WaitStep['wait'];
type EventWait = Extract<Waiting, { readonly event: string }>;

export async function runWait(step: WaitStep, opened: Opened, here: Here): Promise<StepEnd> {
  if (here.input.check) return ended;
  const { frame, path } = opened;
  if (frame.work?.kind !== 'wait') {
    const until = await untilOf(step, here);
    if (!until.ok) return failedEnd(until.failure);
    frame.work = { kind: 'wait', until: until.at, after: here.effects.now() };
    const event = 'event' in step.wait ? step.wait.event : null;
    here.effects.record({
      key: `${path}@${frame.generation}/do/wait.started`,
      kind: 'wait.started',
      payload: { path, until: until.at, event },
    });
  }
  const { wait } = step;
  const { until } = frame.work;
  const waiting = { about: `wait:${path}`, reason: `step "${path}" waits`, held: false };
  const { consulted, ...end } = await whileWaiting(waiting, here, () => waitOut(step, until, { opened, here }));
  const reason = end.status !== 'failed' ? 'over' : 'window' in wait ? 'no calendar' : 'overdue';
  here.effects.record({
    key: `${path}@${frame.generation}/do/wait.ended`,
    kind: 'wait.ended',
    payload: { path, reason, ...(consulted === undefined ? {} : { consulted }) },
  });
  return end;
}

/** How it ended, and which calendar had a say in it. */
type Waited = StepEnd & { readonly consulted?: ConsultedCalendar };

async function waitOut(step: WaitStep, until: number | null, where: { opened: Opened; here: Here }): Promise<Waited> {
  const { wait } = step;
  if ('event' in wait) return waitForEvent(step, wait, where);
  if (!('window' in wait)) return waitForTime(until, where.here);
  const waited = await waitForWindow(wait.window, where.here);
  return waited.open ? { ...ended, consulted: waited.consulted } : failedEnd(waited.failure);
}

async function waitForTime(until: number | null, here: Here): Promise<StepEnd> {
  if (until !== null) await here.effects.waitFor(() => false, until);
  return ended;
}

async function waitForEvent(step: WaitStep, wait: EventWait, where: { opened: Opened; here: Here }): Promise<StepEnd> {
  const { here, opened } = where;
  const work = opened.frame.work?.kind === 'wait' ? opened.frame.work : null;
  const after = wait.since === 'run' ? 0 : (work?.after ?? 0);
  const until = work?.until ?? null;
  const find = (): ReceivedEvent | undefined =>
    here.state.events.find((event) => event.receivedAt >= after && matches(step, wait, { event, here }));
  await here.effects.waitFor(() => find() !== undefined, ...(until === null ? [] : [until]));
  const event = find();
  if (event !== undefined)
    return { ...ended, fields: { event: { name: event.name, data: event.data, actor: event.actor } } };
  if (wait.onDue === 'continue') return ended;
  return failedEnd({ code: 'EVENT_OVERDUE', message: `Cannot go on: event "${wait.event}" did not come in time` });
}

/** An event whose `where` cannot be evaluated is not the awaited one. */
function matches(step: WaitStep, wait: EventWait, { event, here }: { event: ReceivedEvent; here: Here }): boolean {
  if (event.name !== wait.event) return false;
  if (wait.where === undefined) return true;
  const scope = { ...scopeOf(step.reads, here), event: { name: event.name, data: event.data, actor: event.actor } };
  const held = evaluateExpression(wait.where, scope);
  return held.ok && held.value === true;
}

type Until = { readonly ok: true; readonly at: number | null } | { readonly ok: false; readonly failure: Failure };

async function untilOf(step: WaitStep, here: Here): Promise<Until> {
  const { wait } = step;
  const now = here.effects.now();
  if ('window' in wait) return { ok: true, at: null };
  if ('event' in wait) return { ok: true, at: wait.dueMs === undefined ? null : now + wait.dueMs };
  const value = await render('for' in wait ? wait.for : wait.until, step.reads, here);
  if (!value.ok) return value;
  const at = 'for' in wait ? afterDuration(value.value, now) : instant(value.value);
  if (at !== null) return { ok: true, at };
  return { ok: false, failure: { code: 'WAIT_INVALID', message: `Cannot wait: found ${JSON.stringify(value.value)}` } };
}

/** The compiler writes a duration as milliseconds; an expression may give its text. */
export function durationOf(value: Json): number | null {
  if (typeof value === 'number') return value;
  const parsed = typeof value === 'string' ? parseDuration(value) : null;
  return parsed?.kind === 'ms' ? parsed.ms : null;
}

function afterDuration(value: Json, now: number): number | null {
  const ms = durationOf(value);
  return ms === null ? null : now + ms;
}

function instant(value: Json): number | null {
  if (typeof value === 'number') return value;
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
