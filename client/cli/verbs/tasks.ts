// mainstay tasks [--run RUN] [--all]
import type { Command } from 'commander';
import { z } from 'zod';

import { TaskRow } from '../../api/schema';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, withEngine } from '../cli';
import { printJson, printRows } from '../terminal';
import { instantText } from '../wording';

interface Options extends ConnectionOptions, OutputOptions {
  readonly run?: string;
  readonly all?: boolean;
}

export function registerTasks(program: Command, cli: Cli): void {
  withEngine(
    program
      .command('tasks')
      .description('list what waits for people')
      .addHelpText('after', examples('mainstay tasks --json')),
  )
    .option('--run <run>', 'only tasks of this run')
    .option('--all', 'also closed tasks')
    .action((options: Options) => listTasks(cli, options));
}

async function listTasks(cli: Cli, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const { tasks } = await api.get(
    '/tasks',
    { run: options.run, all: options.all },
    z.object({ tasks: z.array(TaskRow) }),
  );
  if (options.json === true) return printJson(cli.terminal, tasks);
  const rows = tasks.map((task) => [
    task.id,
    task.kind,
    task.title,
    task.closed?.choice ?? task.options.join('|'),
    task.candidates.join(' '),
    task.dueAt === null ? '-' : instantText(task.dueAt),
  ]);
  printRows(cli.terminal, ['TASK', 'KIND', 'TITLE', 'OPTIONS', 'FOR', 'DUE'], rows);
}
