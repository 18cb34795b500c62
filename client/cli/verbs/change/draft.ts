import { readFileSync } from 'node:fs';

import type { Command } from 'commander';

import { readDraft } from '../../../../definitions/change-draft';
import type { AuthoredDraft } from '../../../../definitions/change-draft';
import { messageOf } from '../../../../platform/system-error';
import { ChangeDraft } from '../../../../workflows/change/schema';
import type { Json } from '../../../../workflows/domain/json';
import { refuseForProblems } from '../../authoring';
import type { Cli, OutputOptions } from '../../cli';
import { collect, collectList } from '../../cli';
import { Misuse } from '../../failure';
import { collectInput } from '../../inputs';
import { instantOf } from './window';

export interface DraftOptions extends OutputOptions {
  readonly model?: string;
  readonly runbook?: string;
  readonly title?: string;
  readonly description?: string;
  readonly reason?: string;
  readonly input?: Readonly<Record<string, Json>>;
  readonly inventory?: string;
  readonly limit?: readonly string[];
  readonly windowStart?: string;
  readonly windowEnd?: string;
  readonly cutoff?: string;
  readonly zone?: string;
  readonly answer?: Readonly<Record<string, string>>;
  readonly field?: Readonly<Record<string, Json>>;
  readonly item?: readonly string[];
  readonly implementer?: readonly string[];
  readonly assignee?: readonly string[];
}

/** Options of every verb that says what a change asks for; they come before what a file says. */
export function withDraft(command: Command): Command {
  return command
    .option('--model <name>', 'change model, such as change/normal')
    .option('--runbook <name>', 'published runbook, or name@version')
    .option('--title <text>', 'what is done, in a line')
    .option('--description <text>', 'what is done')
    .option('--reason <text>', 'why')
    .option('-i, --input <name=value>', 'an input of the runbook; name=@file reads it from a file', collectInput)
    .option('--inventory <name>', 'published inventory')
    .option('--limit <hosts>', 'only these hosts', collectList)
    .option('--window-start <time>', '2026-11-24T22:00 in --zone, or with an offset')
    .option('--window-end <time>', 'its end; the window contains the back-out')
    .option('--cutoff <duration>', 'nothing starts in so much time before the end')
    .option('--zone <zone>', 'zone of the window, such as Europe/Berlin')
    .option('--answer <question=answer>', 'an answer to the risk assessment of the model', collectPair)
    .option('--field <name=value>', 'a field of the model', collectInput)
    .option('--item <item>', 'a configuration item besides the hosts: service/shop', collect)
    .option('--implementer <user>', 'who carries it out', collect)
    .option('--assignee <user>', 'whose time it takes', collect);
}

function collectPair(value: string, previous: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const separator = value.indexOf('=');
  if (separator <= 0) throw new Misuse(`Cannot read answer "${value}": expected question=answer`);
  return { ...previous, [value.slice(0, separator)]: value.slice(separator + 1) };
}

/** What a file says, if one is named. */
export function draftOfFile(cli: Cli, file: string | undefined, options: OutputOptions): AuthoredDraft {
  if (file === undefined) return {};
  const read = readDraft(file, textOf(file));
  return read.ok ? read.draft : refuseForProblems(cli.terminal, read.problems, options.json === true);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Misuse(`Cannot read "${file}": ${messageOf(error)}`);
  }
}

/** The draft with what the options say; what is missing after that is said at once. */
export function completeDraft(base: AuthoredDraft, options: DraftOptions): ChangeDraft {
  const { model, runbook, title, description, reason, inventory, limit, input, answer, field } = options;
  const { item, implementer, assignee } = options;
  const given = {
    ...base,
    ...present({ model, runbook, title, description, reason, inventory, limit }),
    ...present({ items: item, implementers: implementer, assignees: assignee }),
    ...present({ inputs: merged(base.inputs, input), answers: merged(base.answers, answer) }),
    ...present({ fields: merged(base.fields, field) }),
    window: windowOf(base, options),
  };
  const parsed = ChangeDraft.safeParse(JSON.parse(JSON.stringify(given)));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  throw new Misuse(`Cannot use the draft: ${problems.join('; ')}`);
}

function windowOf(base: AuthoredDraft, options: DraftOptions): object {
  const zone = options.zone ?? base.window?.zone;
  const start = options.windowStart ?? base.window?.start;
  const end = options.windowEnd ?? base.window?.end;
  return present({
    start: start === undefined ? undefined : instantOf(start, zone),
    end: end === undefined ? undefined : instantOf(end, zone),
    cutoff: options.cutoff ?? base.window?.cutoff,
    zone,
  });
}

function merged<V>(
  known: Readonly<Record<string, V>> | undefined,
  more: Readonly<Record<string, V>> | undefined,
): Readonly<Record<string, V>> | undefined {
  return known === undefined && more === undefined ? undefined : { ...known, ...more };
}

function present(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
