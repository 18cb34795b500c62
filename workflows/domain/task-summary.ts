import type { Json, JsonObject } from './json';
import { isJsonList, isJsonObject } from './json-shape';
import type { Answer, Task } from './task';

/** What a voter needs to see of a question, whichever channel shows it. */
export interface TaskSummary {
  readonly taskId: string;
  readonly title: string;
  readonly facts: readonly Fact[];
}

export interface Fact {
  readonly name: string;
  readonly lines: readonly string[];
}

export interface SummarySource {
  /** `standing`: ids of the votes that count; absent: all of them. */
  readonly task: Task & { readonly votes: readonly Answer[]; readonly standing?: readonly string[] };
  /** Null: what is asked about is no run. */
  readonly run: {
    readonly number: number;
    readonly definition: { readonly name: string; readonly version: string; readonly title: string };
    readonly requester: string;
    readonly inputs: { readonly [name: string]: Json };
  } | null;
  readonly waves: readonly PlannedWave[];
  /** Everybody who is asked about it. */
  readonly asked: readonly string[];
  /** How an instant is written for the reader. */
  readonly instant: Instant;
}

/** `zone`: the one that the text itself names; absent: the reader's. */
export type Instant = (at: number, zone?: string) => string;

export interface PlannedWave {
  /** Id of the rollout. */
  readonly step: string;
  /** From 1. */
  readonly index: number;
  readonly hosts: readonly string[];
}

export function summarise(source: SummarySource): TaskSummary {
  const { task, waves, instant } = source;
  const facts: Fact[] = [
    ...aboutRun(source),
    { name: 'Waves', lines: waves.map((wave) => waveLine(wave, waves)) },
    ...Object.entries(task.show).map(([name, value]) => ({
      name: wordsOf(name),
      lines: clipped(linesOf(value, instant)),
    })),
    { name: 'Asked', lines: askedLines(source) },
    { name: 'Answer by', lines: task.dueAt === null ? [] : [instant(task.dueAt)] },
    { name: 'Without an answer', lines: task.dueAt === null || task.onDue === null ? [] : [task.onDue] },
    { name: 'Plan', lines: [shortHash(task.planHash)] },
  ];
  return { taskId: task.id, title: task.title, facts: facts.filter(({ lines }) => lines.length > 0) };
}

/** Enough to tell two plans apart by eye. */
export function shortHash(hash: string): string {
  return hash.replace(/^sha256:/, '').slice(0, 12);
}

function aboutRun({ run }: SummarySource): readonly Fact[] {
  if (run === null) return [];
  const { definition, number, requester, inputs } = run;
  const given = Object.entries(inputs).map(([name, value]) => `${name}: ${scalar(value)}`);
  return [
    { name: 'Run', lines: [`${number}: ${definition.title} (${definition.name} ${definition.version})`] },
    { name: 'Requested by', lines: [requester] },
    { name: 'Inputs', lines: clipped(given) },
  ];
}

const namesShown = 12;

function waveLine({ step, index, hosts }: PlannedWave, all: readonly PlannedWave[]): string {
  const rest = hosts.length - namesShown;
  const names = rest > 0 ? `${hosts.slice(0, namesShown).join(', ')} and ${rest} more` : hosts.join(', ');
  const rollout = all.some((other) => other.step !== step) ? `${step}, wave` : 'wave';
  return `${rollout} ${index}: ${names}`;
}

function askedLines({ task, asked }: SummarySource): readonly string[] {
  const needed = `${task.min} of ${asked.length === 0 ? task.candidates.join(', ') : asked.join(', ')}`;
  const standing = task.votes.filter(({ id }) => task.standing?.includes(id) !== false);
  const given = standing.map(({ actor, choice, onBehalfOf }) =>
    onBehalfOf === undefined ? `${actor}: ${choice}` : `${actor} for ${onBehalfOf}: ${choice}`,
  );
  return [needed, ...given];
}

/** `riskLevel` → `Risk level`; `window` → `Window`. */
function wordsOf(name: string): string {
  const words = name
    .replace(/Ms$/, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function linesOf(value: Json, instant: Instant): readonly string[] {
  if (isJsonObject(value)) return linesOfObject(value, instant);
  if (!isJsonList(value)) return textOf(value, instant).split('\n');
  const isPlain = value.every((item) => !isJsonObject(item) && !isJsonList(item));
  if (isPlain && value.length > 0 && value.length <= namesShown) return [value.map(scalar).join(', ')];
  return value.flatMap((item) => oneLine(linesOf(item, instant)));
}

function linesOfObject(value: JsonObject, instant: Instant): readonly string[] {
  const { zone } = value;
  const inZone: Instant = typeof zone === 'string' ? (at) => instant(at, zone) : instant;
  return Object.entries(value).flatMap(([key, inner]) => {
    const shown = typeof inner === 'number' && isInstant(key, inner) ? [inZone(inner)] : linesOf(inner, inZone);
    const lines = shown.filter((line) => line !== '');
    if (lines.length <= 1) return lines.map((line) => `${wordsOf(key)}: ${line}`);
    return [`${wordsOf(key)}:`, ...lines.map((line) => `  ${line}`)];
  });
}

const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/;

function textOf(value: Json, instant: Instant): string {
  return typeof value === 'string' && isoInstant.test(value) ? instant(Date.parse(value)) : scalar(value);
}

/** An item of a list stays one line. */
function oneLine(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [lines.map((line) => line.trim()).join(', ')];
}

function scalar(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const yearTwoThousandMs = 946_684_800_000;

function isInstant(name: string, value: number): boolean {
  return value > yearTwoThousandMs && /(Ms|At)$/.test(name);
}

const linesShown = 40;
const lineWidth = 200;

/** A message is no place for a whole log: who needs more looks at the task. */
function clipped(lines: readonly string[]): readonly string[] {
  const short = lines.map((line) => (line.length > lineWidth ? `${line.slice(0, lineWidth)}…` : line));
  return short.length > linesShown
    ? [...short.slice(0, linesShown), `… ${short.length - linesShown} more lines`]
    : short;
}
