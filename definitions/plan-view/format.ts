import type { PlanDescription, StepDescription, WaveDescription } from '../plan-view';
import { estimateText, spanText } from './text';

const namesShown = 8;

/** The text that a change manager reads in a minute. */
export function formatPlan(plan: PlanDescription, options: { readonly requester?: string } = {}): string {
  const { definition, prediction, estimate } = plan;
  const people = prediction.waitsForPeople ? ', and the time that people take' : '';
  const lines = [
    `${definition.title} (${definition.name} ${definition.version})`,
    `  plan       ${plan.planHash}`,
    `  owner      ${definition.owner === '' ? 'nobody' : definition.owner}`,
    ...(options.requester === undefined ? [] : [`  requester  ${options.requester}`]),
    ...inputLines(plan),
    ...Object.entries(plan.teams).map(
      ([team, members]) => `  ${team.padEnd(10)} ${members === null ? 'not known here' : shortList(members)}`,
    ),
    `  hosts      ${plan.hostCount}`,
    `  takes      ${takesText(plan)}${people}`,
    ...(estimate.backOut.source === 'none' || estimate.backOut.p95Ms === 0
      ? []
      : [`  back-out   ${estimateText(estimate.backOut)}`]),
    `  on failure ${plan.onFailure}`,
    ...(plan.locks.length === 0 ? [] : [`  locks      ${plan.locks.join(', ')}`]),
    '',
    ...plan.steps.flatMap((step, index) => stepLines(step, `${index + 1}`, 0)),
    ...(plan.finally.length === 0
      ? []
      : ['', 'finally', ...plan.finally.flatMap((step, index) => stepLines(step, `${index + 1}`, 0))]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Without figures for every step there is only a least time. */
function takesText({ prediction, estimate: { forward } }: PlanDescription): string {
  if (forward.source !== 'none') return estimateText(forward);
  return `${prediction.atLeast ? 'at least ' : ''}${spanText(prediction.ms)}`;
}

function inputLines(plan: PlanDescription): readonly string[] {
  const inputs = Object.entries(plan.inputs).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return inputs.length === 0 ? [] : [`  inputs     ${inputs.join(' ')}`];
}

function stepLines(step: StepDescription, number: string, depth: number): readonly string[] {
  const indent = '   '.repeat(depth);
  const inner = `${indent}     `;
  const facts = [step.effect, step.as === null ? null : `as ${step.as}`, step.where].filter((fact) => fact !== null);
  const head = `${indent}${number}. ${step.id}${step.name === null ? '' : ` "${step.name}"`} · ${step.verb}${facts.length === 0 ? '' : ` · ${facts.join(' · ')}`}`;
  const marks = [
    ...(step.condition === null ? [] : [`if ${step.condition}`]),
    ...(step.policy === null ? [] : [`asks ${step.policy}`]),
    ...step.waves.map(waveLine),
    ...step.gate.map((gate) => `gate ${gate}`),
    ...step.details,
    ...(step.locks.length === 0 ? [] : [`locks ${step.locks.join(', ')}`]),
    ...undoLines(step),
  ];
  const children = step.steps.flatMap(({ label, steps }) => [
    ...(label === 'steps' ? [] : [`${inner}${label}:`]),
    ...steps.flatMap((child, index) => stepLines(child, `${number}.${index + 1}`, depth + 1)),
  ]);
  return [head, ...step.does.map((line) => `${inner}${line}`), ...marks.map((line) => `${inner}${line}`), ...children];
}

function waveLine({ index, count, hosts, domain }: WaveDescription): string {
  const where = domain === null ? '' : ` in ${domain}`;
  return `wave ${index}: ${count} ${count === 1 ? 'host' : 'hosts'}${where}: ${shortList(hosts)}`;
}

function undoLines({ undo, effect }: StepDescription): readonly string[] {
  if (undo !== null)
    return undo[0] === 'none' && undo.length === 1
      ? ['undo: none, on purpose']
      : undo.map((line, index) => `${index === 0 ? 'undo: ' : '      '}${line}`);
  return effect === null || effect === 'read' ? [] : ['undo: there is none'];
}

function shortList(names: readonly string[]): string {
  const rest = names.length - namesShown;
  return rest > 0 ? `${names.slice(0, namesShown).join(', ')} and ${rest} more` : names.join(', ');
}
