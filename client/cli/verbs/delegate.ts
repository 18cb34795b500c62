// mainstay delegate TASK --to PERSON [--as USER] [--until TIME] [--zone ZONE] [--comment TEXT]
import type { Command } from 'commander';
import { z } from 'zod';

import { TaskDelegated, TaskRow } from '../../api/schema';
import { apiPath } from '../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../cli';
import { examples, withPerson } from '../cli';
import { printJson } from '../terminal';
import { instantText } from '../wording';
import { findTask } from './answers';
import { instantOf } from './change/window';

interface Options extends ConnectionOptions, OutputOptions, PersonOptions {
  readonly to: string;
  readonly until?: string;
  readonly zone?: string;
  readonly comment?: string;
}

export function registerDelegate(program: Command, cli: Cli): void {
  withPerson(
    program
      .command('delegate')
      .description('have somebody else answer a task that you are asked')
      .addHelpText(
        'after',
        examples(
          'mainstay delegate r4xj6nksa6tkr-1 --as anna --to user/dan',
          'mainstay delegate r4xj6nksa6tkr-1 --as anna --to user/dan --until 2026-12-24T18:00Z',
          'mainstay delegate r4xj6nksa6tkr-1 --as anna --to user/anna   # take it back',
        ),
      ),
  )
    .argument('<task>', 'id, or the beginning of one')
    .requiredOption('--to <person>', 'who is to answer; yourself: it is taken back')
    .option('--until <time>', 'how long it holds (else as long as it is asked)')
    .option('--zone <zone>', 'zone of --until')
    .option('--comment <text>', 'why')
    .action((reference: string, options: Options) => delegate(cli, reference, options));
}

async function delegate(cli: Cli, reference: string, options: Options): Promise<void> {
  const { as, to, until, zone, comment } = options;
  const api = await cli.connect(options);
  const { tasks } = await api.get('/tasks', { id: reference }, z.object({ tasks: z.array(TaskRow) }));
  const body = {
    actor: cli.person(as),
    to: cli.person(to),
    ...(until === undefined ? {} : { until: new Date(instantOf(until, zone)).toISOString() }),
    ...(comment === undefined ? {} : { comment }),
  };
  // A task that has gone meanwhile is refused by the engine, which journals the attempt.
  const id = findTask(tasks, reference)?.id ?? reference;
  const given = await api.post(apiPath`/tasks/${id}/delegate`, { body }, TaskDelegated);
  if (options.json === true) return printJson(cli.terminal, given);
  const end = given.until === null ? '' : ` until ${instantText(given.until)}`;
  cli.terminal.out(
    given.from === given.to ? 'Taken back: you answer yourself' : `${given.to} is asked in your place${end}`,
  );
}
