import { z } from 'zod';

import type { JournalEntryView } from '../api/schema';
import { clockText, countText } from './wording';

const Failed = z.object({ code: z.string(), message: z.string() }).nullable();
const StepStarted = z.object({ path: z.string(), phase: z.string(), hostCount: z.number() });
const StepEnded = z.object({ path: z.string(), phase: z.string(), status: z.string(), error: Failed });
const HostEnded = z.object({
  step: z.string(),
  host: z.string(),
  phase: z.string(),
  status: z.string(),
  error: Failed,
});
const Wave = z.object({ path: z.string(), wave: z.number(), size: z.number() });
const Gate = z.object({ metric: z.string(), wave: z.number(), verdict: z.string(), message: z.string() });
const TaskOpened = z.object({
  id: z.string(),
  title: z.string(),
  options: z.array(z.string()),
  candidates: z.array(z.string()),
});
const TaskClosed = z.object({ choice: z.string(), by: z.array(z.string()), reason: z.string() });
const Vote = z.object({ actor: z.string(), choice: z.string() });
const Refused = z.object({ reason: z.string(), answer: z.object({ actor: z.string() }) });
const State = z.object({ state: z.string(), reason: z.string() });
const Ended = z.object({ outcome: z.string(), degraded: z.boolean(), error: Failed });
const Child = z.object({ path: z.string(), childId: z.string() });
const Control = z.object({ action: z.string() });

/** How the entries of a journal read while a run goes on; kinds that are not here say nothing worth a line. */
const readers: Readonly<Record<string, (payload: unknown, entry: JournalEntryView) => string | null>> = {
  'run.started': () => 'run started',
  // The other states follow from what is told anyway.
  'run.state': reader(State, ({ state, reason }) =>
    state === 'paused' ? `paused${reason === '' ? '' : `: ${reason}`}` : null,
  ),
  'run.control': reader(Control, ({ action }, entry) => `${action} asked by ${entry.actor}`),
  'step.started': reader(StepStarted, ({ path, phase, hostCount }) => {
    const where = hostCount > 0 ? ` on ${countText(hostCount, 'host')}` : '';
    return `${phaseText(phase)}${path}${where}`;
  }),
  'step.ended': reader(
    StepEnded,
    ({ path, phase, status, error }) => `${phaseText(phase)}${path} ${status}${whyText(error)}`,
  ),
  'host.ended': reader(HostEnded, ({ host, step, phase, status, error }) =>
    host === '' || status === 'succeeded' || status === 'skipped'
      ? null
      : `${phaseText(phase)}${step} ${host} ${status}${whyText(error)}`,
  ),
  'wave.started': reader(Wave, ({ path, wave, size }) => `${path} wave ${wave}: ${countText(size, 'host')}`),
  'gate.verdict': reader(
    Gate,
    ({ metric, wave, verdict, message }) =>
      `gate ${metric} after wave ${wave}: ${verdict}${message === '' ? '' : ` (${message})`}`,
  ),
  'task.opened': reader(
    TaskOpened,
    ({ id, title, options, candidates }) =>
      `waiting for ${candidates.join(', ')}: ${title} [${options.join(' | ')}], task ${id}`,
  ),
  'vote.cast': reader(Vote, ({ actor, choice }) => `${actor} chose ${choice}`),
  'task.refused': reader(Refused, ({ answer, reason }) => `answer of ${answer.actor} refused: ${reason}`),
  'task.closed': reader(TaskClosed, ({ choice, by, reason }) =>
    reason === 'withdrawn'
      ? 'no answer is needed any more'
      : `decided: ${choice} (${by.length === 0 ? reason : by.join(', ')})`,
  ),
  'child.started': reader(Child, ({ path, childId }) => `${path} runs as ${childId}`),
  'run.ended': reader(
    Ended,
    ({ outcome, degraded, error }) => `run ${outcome}${degraded ? ' (degraded)' : ''}${whyText(error)}`,
  ),
};

/** One line for people, or null. */
export function progressLine(entry: JournalEntryView): string | null {
  const text = readers[entry.kind]?.(entry.payload, entry) ?? null;
  return text === null ? null : `${clockText(entry.at)}  ${text}`;
}

/** A payload that was redacted, or written by a newer version, is passed over. */
function reader<T>(
  schema: z.ZodType<T>,
  text: (payload: T, entry: JournalEntryView) => string | null,
): (payload: unknown, entry: JournalEntryView) => string | null {
  return (payload, entry) => {
    const parsed = schema.safeParse(payload);
    return parsed.success ? text(parsed.data, entry) : null;
  };
}

function phaseText(phase: string): string {
  return phase === 'do' ? '' : `${phase} `;
}

function whyText(error: z.infer<typeof Failed>): string {
  return error === null ? '' : ` (${error.code}: ${error.message})`;
}
