import type { RunView, StepView } from '../engine';
import type { TaskRow } from '../../platform/store/store';
import type { Style, Terminal } from './terminal';
import { styled } from './terminal';
import { clockText, countText, failureText, instantText, outcomeText, spanText } from './wording';

/** A run as text: head, one line for each step in order, hosts that went wrong, open tasks. */
export function timelineOf(run: RunView, terminal: Terminal): readonly string[] {
  return [
    ...headOf(run, terminal),
    '',
    ...run.steps.flatMap((step) => stepLines(step, terminal)),
    ...taskLines(run.tasks, terminal),
    ...tailOf(run, terminal),
  ];
}

function headOf(run: RunView, terminal: Terminal): readonly string[] {
  const { definition } = run;
  const outcome = styled(terminal, styleOfRun(run), outcomeText(run));
  const span = spanText(run.startedAt, run.endedAt);
  return [
    `Run ${run.number}  ${styled(terminal, 'bold', definition.name)} ${definition.version}  ${outcome}  (${run.id})`,
    `  requested by ${run.requester}, started ${instantText(run.startedAt)}${span === '' ? '' : `, took ${span}`}`,
    `  plan ${run.planHash}`,
    ...(run.reason === '' || !isHeldUp(run) ? [] : [`  ${run.reason}`]),
    ...(run.error === null ? [] : [`  ${styled(terminal, 'red', failureText(run.error))}`]),
  ];
}

/** Of a run that goes on, the reason is what let it. */
function isHeldUp(run: RunView): boolean {
  return run.state === 'waiting' || run.state === 'paused';
}

const marks = {
  pending: ['.', 'dim'],
  running: ['>', 'blue'],
  succeeded: ['+', 'green'],
  failed: ['x', 'red'],
  skipped: ['-', 'dim'],
  cancelled: ['/', 'yellow'],
  unknown: ['?', 'yellow'],
  undone: ['<', 'yellow'],
} as const satisfies Record<StepView['status'], readonly [string, Style]>;

function stepLines(step: StepView, terminal: Terminal): readonly string[] {
  const [mark, style] = marks[step.status];
  const depth = step.path.split('/').length;
  const phase = step.phase === 'do' ? '' : `${step.phase} `;
  const columns = [
    styled(terminal, style, mark),
    clockText(step.startedAt),
    `${'  '.repeat(Math.min(depth, 6) - 1)}${phase}${step.id}`.padEnd(28),
    step.verb.padEnd(9),
    `${step.status}${step.rescued ? ' (rescued)' : ''}`.padEnd(10),
    countsText(step),
    spanText(step.startedAt, step.endedAt),
  ];
  const line = `  ${columns.filter((column) => column !== '').join(' ')}`.trimEnd();
  return [line, ...troubleLines(step)];
}

function countsText(step: StepView): string {
  if (step.counts === null) return step.attempts > 1 ? `${step.attempts} attempts` : '';
  const { ok, failed, skipped, unknown } = step.counts;
  const parts = [
    [ok, 'ok'],
    [failed, 'failed'],
    [skipped, 'skipped'],
    [unknown, 'unknown'],
  ] as const;
  return parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ');
}

/** More would push everything else off the screen. */
const troubledHostsShown = 5;

function troubleLines(step: StepView): readonly string[] {
  const indent = ' '.repeat(15);
  const troubled = step.hosts.filter((host) => host.status === 'failed' || host.status === 'unknown');
  const lines = troubled.slice(0, troubledHostsShown).map((host) => {
    const why = host.error === null ? `exit code ${host.exitCode ?? '-'}` : failureText(host.error);
    return `${indent}${host.name} ${host.status}: ${why}`;
  });
  if (troubled.length > troubledHostsShown)
    lines.push(`${indent}and ${countText(troubled.length - troubledHostsShown, 'host')} more`);
  if (troubled.length === 0 && step.error !== null) lines.push(`${indent}${failureText(step.error)}`);
  return lines;
}

function taskLines(tasks: readonly TaskRow[], terminal: Terminal): readonly string[] {
  if (tasks.length === 0) return [];
  return ['', 'Tasks', ...tasks.map((task) => `  ${taskText(task, terminal)}`)];
}

function taskText(task: TaskRow, terminal: Terminal): string {
  if (task.closed !== null) {
    const { choice, by, reason, comment } = task.closed;
    if (reason === 'withdrawn') return `${task.title}: withdrawn`;
    const who = by.length === 0 ? reason : `by ${by.join(', ')}`;
    return `${task.title}: ${choice} ${who}${comment === '' ? '' : ` ("${comment}")`}`;
  }
  const open = styled(terminal, 'yellow', 'open');
  return `${task.title}: ${open}, ${task.options.join(' | ')}, for ${task.candidates.join(', ')} (${task.id})`;
}

function tailOf(run: RunView, terminal: Terminal): readonly string[] {
  const outputs = Object.entries(run.outputs).map(([name, value]) => `  ${name} = ${JSON.stringify(value)}`);
  return [
    ...(outputs.length === 0 ? [] : ['', 'Outputs', ...outputs]),
    ...(run.undone.length === 0 ? [] : ['', `Undone: ${run.undone.join('; ')}`]),
    ...(run.exceptions.length === 0
      ? []
      : ['', styled(terminal, 'yellow', `Exceptions: ${run.exceptions.join(', ')}`)]),
  ];
}

function styleOfRun(run: RunView): Style {
  if (run.outcome === null) return 'blue';
  if (run.outcome === 'succeeded' || run.outcome === 'checked') return run.degraded ? 'yellow' : 'green';
  return 'red';
}
