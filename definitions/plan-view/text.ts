import type { Json } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import type { KnownEstimate } from '../../workflows/domain/estimate';
import type { TextPart, Value } from '../../workflows/domain/value';
import type { OperationPlan } from '../../workflows/runbook/plan';

/** A value as people read it: what comes at run time as `«steps.before.stdout»`, secrets as their references. */
export function valueText(value: Value): string {
  if ('literal' in value) return jsonText(value.literal);
  if ('expression' in value) return lateText(value.expression);
  if ('secret' in value) return secretText(value.secret);
  if ('text' in value) return value.text.map(partText).join('');
  if ('list' in value) return `[${value.list.map(valueText).join(', ')}]`;
  return `{${Object.entries(value.map)
    .map(([key, member]) => `${key}: ${valueText(member)}`)
    .join(', ')}}`;
}

/** What an operation does, one line for each line of a script. */
export function commandText(operation: OperationPlan): readonly string[] {
  const command = fieldOf(operation.input, 'command');
  if (operation.name === 'ssh.exec' && command !== null) return [argumentsText(command)];
  const script = fieldOf(operation.input, 'script');
  if (operation.name === 'ssh.run' && script !== null)
    return [...scriptLines(valueText(script)), ...environmentLines(operation.input)];
  return [`${operation.name} ${valueText(operation.input)}`];
}

export function conditionText(expression: string): string {
  return expression.replaceAll(/\s+/g, ' ');
}

/** `5 min`, `90 s`, `24 h`. */
export function spanText(ms: number): string {
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  return `${ms / 1000} s`;
}

/** `2 min, 9 times of 10 up to 5 min (from earlier runs)`. */
export function estimateText(estimate: KnownEstimate): string {
  const { p50Ms, p90Ms, source } = estimate;
  const often = p90Ms === p50Ms ? '' : `, 9 times of 10 up to ${roughText(p90Ms)}`;
  return `${roughText(p50Ms)}${often}${source === 'fixed' ? '' : ` (${sourceWords[source]})`}`;
}

const sourceWords = {
  history: 'from earlier runs',
  'few-runs': 'from a few earlier runs',
  runbook: 'as the runbook says',
  timeout: 'as long as it may',
} as const satisfies Record<Exclude<KnownEstimate['source'], 'fixed'>, string>;

/** Nobody needs milliseconds of what takes minutes. */
function roughText(ms: number): string {
  return spanText(ms < 10_000 ? ms : Math.ceil(ms / 1000) * 1000);
}

const linesShown = 12;

function scriptLines(script: string): readonly string[] {
  const lines = script.trimEnd().split('\n');
  return lines.length <= linesShown
    ? lines
    : [...lines.slice(0, linesShown), `… ${lines.length - linesShown} more lines`];
}

function environmentLines(input: Value): readonly string[] {
  const env = fieldOf(input, 'env');
  if (env === null) return [];
  const text = Object.entries(membersOf(env)).map(([name, value]) => `${name}=${quoted(valueText(value))}`);
  return text.length === 0 ? [] : [`with ${text.join(' ')}`];
}

function argumentsText(command: Value): string {
  const items =
    'list' in command
      ? command.list
      : 'literal' in command && isList(command.literal)
        ? command.literal.map((literal) => ({ literal }))
        : [command];
  return items.map((item) => quoted(valueText(item))).join(' ');
}

function quoted(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./«»-]+$/.test(text) || text.startsWith('«')
    ? text
    : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function fieldOf(input: Value, name: string): Value | null {
  return membersOf(input)[name] ?? null;
}

function membersOf(value: Value): { readonly [key: string]: Value } {
  if ('map' in value) return value.map;
  if (!('literal' in value) || !isObject(value.literal)) return {};
  return Object.fromEntries(Object.entries(value.literal).map(([key, literal]) => [key, { literal }]));
}

function partText(part: TextPart): string {
  if (typeof part === 'string') return part;
  return 'secret' in part ? secretText(part.secret) : lateText(part.expression);
}

function lateText(expression: string): string {
  return `«${conditionText(expression)}»`;
}

function secretText(reference: string): string {
  return `<secret ${reference}>`;
}

function jsonText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
