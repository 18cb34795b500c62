import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

import type { ApiClient } from './api-client';
import type { Terminal } from './terminal';

/** What every verb gets: where to write, how to reach the engine, who asks. */
export interface Cli {
  readonly terminal: Terminal;
  connect(options: ConnectionOptions): Promise<ApiClient>;
  /** `user/<login>` of `--as`, else of this session. */
  person(as: string | undefined): string;
  /** Aborted by the first Ctrl-C; listening to it takes over from the default end of the process. */
  interruption(): AbortSignal;
}

export interface ConnectionOptions {
  readonly data?: string;
}

export interface OutputOptions {
  readonly json?: boolean;
}

export interface PersonOptions {
  readonly as?: string;
}

/** `--json`, on every verb. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON on standard output');
}

/** `--data`, on every verb that talks to the engine. */
export function withEngine(command: Command): Command {
  return withJson(command).option(
    '--data <dir>',
    'data directory of the engine (else MAINSTAY_DATA, else the one that "up" used last)',
  );
}

/** `--as`, on every verb that does something in a person's name. */
export function withPerson(command: Command): Command {
  return withEngine(command).option('--as <user>', 'act as this user (else the login name)');
}

/** Collects an option that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** `web1,web2`, possibly given several times. */
export function collectList(value: string, previous: readonly string[] | undefined): readonly string[] {
  const names = value.split(',').map((name) => name.trim());
  return [...(previous ?? []), ...names.filter((name) => name !== '')];
}

/** The tail of a verb's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** For options that are numbers; anything else is a misuse. */
export function wholeNumber(value: string): number {
  if (/^[0-9]{1,9}$/.test(value) && Number(value) > 0) return Number(value);
  throw new InvalidArgumentError('Expected a number above zero.');
}
