// mainstay tasks [--run RUN|CHG-N] [--all]
import type { Command } from 'commander';

import { TaskList } from '../../api/schema';
import { mostUrgentFirst, priorityOf } from '../../../workflows/domain/task';
import type { TaskRow as Task } from '../../../platform/store/store';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, withEngine } from '../cli';
import { everyPage } from '../every-page';
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
    .option('--run <run>', 'only tasks of this run, change (CHG-12) or backup operation')
    .option('--all', 'also closed tasks')
    .action((options: Options) => listTasks(cli, options));
}

async function listTasks(cli: Cli, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const { run, all } = options;
  const pages = await everyPage(api, { path: '/tasks', query: { run, all } }, TaskList);
  const found = pages.flatMap(({ tasks: some }) => some);
  const tasks = all === true ? found : mostUrgentFirst(found);
  const subjects = Object.fromEntries(pages.flatMap((page) => Object.entries(page.subjects)));
  if (options.json === true) return printJson(cli.terminal, tasks);
  const rows = tasks.map((task) => [
    task.id,
    task.kind,
    String(priorityOf(task)),
    subjects[task.runId] ?? task.runId,
    task.title,
    task.closed?.choice ?? task.options.join('|'),
    askedText(task),
    task.dueAt === null ? '-' : instantText(task.dueAt),
  ]);
  printRows(cli.terminal, ['TASK', 'KIND', 'PRIORITY', 'OF', 'TITLE', 'OPTIONS', 'FOR', 'DUE'], rows);
}

const namesShown = 4;

/** Candidates as they were written, and who that is now. */
function askedText({ candidates, asked = [] }: Task): string {
  const actors = [...new Set(asked.map(({ actor }) => actor))].filter((actor) => !candidates.includes(actor));
  const more = actors.length > namesShown ? ` and ${actors.length - namesShown} more` : '';
  const names = actors.slice(0, namesShown).map((actor) => actor.replace(/^user\//, ''));
  return `${candidates.join(' ')}${names.length === 0 ? '' : ` (${names.join(', ')}${more})`}`;
}
