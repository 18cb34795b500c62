import { z } from 'zod';

import type { TaskRow } from '../../../../platform/store/store';
import type { ChangeView } from '../../../change-view';
import { styled } from '../../terminal';
import type { Style, Terminal } from '../../terminal';
import { clockText, countText, durationText, instantText } from '../../wording';
import { localText, utcText } from '../calendar/times';

/** A change as text: where it stands, its window, who is asked, what is in the way, its run, what happened. */
export function changeText(view: ChangeView, terminal: Terminal): readonly string[] {
  return [
    ...headOf(view, terminal),
    ...windowLines(view),
    ...planLines(view),
    ...listLines('Difference to what was approved', view.phase === 'closed' ? [] : view.difference),
    ...conflictLines(view),
    ...taskLines(view, terminal),
    ...runLines(view),
    ...reviewLines(view),
    '',
    'Timeline',
    ...view.timeline.map(
      ({ at, actor, text }) => `  ${instantText(at)}  ${actor === 'engine' ? '' : `${actor}: `}${text}`,
    ),
  ];
}

const DraftZone = z.object({ window: z.object({ zone: z.string().optional() }) });

/** Of its window; undefined: it names none. */
export function zoneOf({ draft }: Pick<ChangeView, 'draft'>): string | undefined {
  const parsed = DraftZone.safeParse(draft);
  return parsed.success ? parsed.data.window.zone : undefined;
}

function headOf(view: ChangeView, terminal: Terminal): readonly string[] {
  const { number, title, phase, outcome, id, requester, model, assessed, flags, reason } = view;
  const state = outcome === null || outcome === phase ? phase : `${phase}, ${outcome}`;
  const risk = assessed === null ? '' : `, ${assessed.type}, risk ${assessed.risk} (score ${assessed.score})`;
  return [
    `CHG-${number}  ${styled(terminal, 'bold', title)}  ${styled(terminal, styleOf(view), state)}  (${id})`,
    `  requested by ${requester}, model ${model}${risk}`,
    ...(reason === '' ? [] : [`  ${phase} since ${instantText(view.phaseAt)}: ${reason}`]),
    ...(flags.length === 0 ? [] : [`  ${styled(terminal, 'yellow', flags.join(', '))}`]),
  ];
}

function styleOf({ standing, outcome, phase }: ChangeView): Style {
  if (phase === 'held' || phase === 'backing-out' || phase === 'backed-out') return 'yellow';
  if (phase === 'back-out-failed' || outcome === 'failed') return 'red';
  return standing === 'over' ? 'green' : 'blue';
}

const DraftWindow = z.object({ window: z.object({ start: z.string(), end: z.string() }) });

function windowLines(view: ChangeView): readonly string[] {
  const zone = zoneOf(view);
  const stretch = view.window ?? windowOfDraft(view);
  if (stretch === null) return [];
  const at = (ms: number): string => (zone === undefined ? utcText(ms) : `${localText(ms, zone)} (${utcText(ms)})`);
  const { times } = view;
  return [
    `  window ${at(stretch.startMs)} to ${at(stretch.endMs)}${zone === undefined ? '' : `, ${zone}`}`,
    ...(times === null
      ? []
      : [
          `  nothing starts after ${at(times.cutoffAtMs)}`,
          `  the duty manager is asked at ${at(times.askAtMs)}; without an answer the back-out starts at ${at(times.decideAtMs)}`,
        ]),
  ];
}

/** Before it was submitted. */
function windowOfDraft({ draft }: ChangeView): { readonly startMs: number; readonly endMs: number } | null {
  const parsed = DraftWindow.safeParse(draft);
  if (!parsed.success) return null;
  return { startMs: Date.parse(parsed.data.window.start), endMs: Date.parse(parsed.data.window.end) };
}

const itemsShown = 10;

function planLines({ plan, items, hash }: ChangeView): readonly string[] {
  if (plan === null) return [];
  const { definition, hosts, planHash, work, source } = plan;
  const more = items.length > itemsShown ? ` and ${items.length - itemsShown} more` : '';
  const predicted =
    work === undefined
      ? []
      : [
          `  predicted ${durationText(work.p95Ms)} and ${durationText(work.backOutP95Ms)} to go back (p95, from ${source ?? 'nowhere'})`,
        ];
  return [
    `  ${definition} on ${countText(hosts, 'host')}, plan ${planHash}`,
    ...(hash === '' ? [] : [`  a vote signs ${hash}`]),
    ...predicted,
    ...(items.length === 0 ? [] : [`  items ${items.slice(0, itemsShown).join(' ')}${more}`]),
  ];
}

function listLines(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines.map((line) => `  ${line}`)];
}

const Span = z.object({ startMs: z.number(), endMs: z.number() });
const Conflicts = z.array(
  z.object({
    kind: z.string(),
    severity: z.string(),
    item: z.string().optional(),
    person: z.string().optional(),
    through: z.string().optional(),
    change: z.string().optional(),
    owner: z.string().optional(),
    during: Span,
    nextFree: Span.nullable(),
  }),
);

function conflictLines({ conflicts, names }: ChangeView): readonly string[] {
  const parsed = Conflicts.safeParse(conflicts?.conflicts);
  if (conflicts === null || !parsed.success || parsed.data.length === 0) return [];
  const lines = parsed.data.map((row) => {
    const whose = row.change === undefined ? '' : ` by ${names[row.change] ?? row.change} of ${row.owner ?? ''}`;
    const through = row.through === undefined || row.through === row.item ? '' : ` (through ${row.through})`;
    const free = row.nextFree === null ? 'not free as far as was looked' : `free from ${utcText(row.nextFree.startMs)}`;
    const when = `${utcText(row.during.startMs)} to ${utcText(row.during.endMs)}`;
    return `${row.severity}: ${row.item ?? row.person ?? ''} ${row.kind}${whose}${through}, ${when}; ${free}`;
  });
  return listLines(`Conflicts at ${conflicts.at}: ${conflicts.verdict}`, lines);
}

function taskLines({ tasks, run }: ChangeView, terminal: Terminal): readonly string[] {
  return listLines(
    'Asked',
    [...tasks, ...(run?.tasks ?? [])].map((task) => taskText(task, terminal)),
  );
}

function taskText(task: TaskRow, terminal: Terminal): string {
  const votes = task.votes.map(({ actor, choice, via }) => `${actor} ${choice} (${via})`).join(', ');
  const said = votes === '' ? '' : `; ${votes}`;
  if (task.closed !== null) {
    const { choice, reason } = task.closed;
    return `${task.title}: ${reason === 'withdrawn' ? 'withdrawn' : choice}${said}`;
  }
  const people = (task.asked ?? []).map(({ actor }) => actor.replace(/^user\//, ''));
  const who = people.length === 0 ? '' : ` (${[...new Set(people)].join(', ')})`;
  const due = task.dueAt === null ? '' : `, by ${instantText(task.dueAt)}`;
  const open = styled(terminal, 'yellow', 'open');
  return `${task.title}: ${open}, ${task.min} of ${task.candidates.join(', ')}${who}${due}${said} [${task.options.join(' | ')}] ${task.id}`;
}

function runLines({ run }: ChangeView): readonly string[] {
  if (run === null) return [];
  const waves = run.waves.map(({ path, wave, hosts, startedAt, endedAt, failed }) => {
    const end = endedAt === null ? 'under way' : `${durationText(endedAt - startedAt)}, ${failed ?? 0} failed`;
    return `  ${clockText(startedAt)} ${path} wave ${wave}: ${countText(hosts, 'host')}, ${end}`;
  });
  const outcome = `${run.outcome ?? run.state}${run.degraded ? ' (degraded)' : ''}`;
  return ['', `Run ${run.number} (${run.id}): ${outcome}`, ...waves];
}

function reviewLines({ review }: ChangeView): readonly string[] {
  if (review === null) return [];
  return listLines(`Reviewed as ${review.outcome}`, review.text === '' ? ['(no text)'] : [review.text]);
}
