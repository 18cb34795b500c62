// mainstay show RUN
import type { Command } from 'commander';

import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, withEngine } from '../cli';
import { readRun } from '../follow';
import { printJson } from '../terminal';
import { timelineOf } from '../timeline';

export function registerShow(program: Command, cli: Cli): void {
  withEngine(
    program
      .command('show')
      .description('show a run: steps, hosts, tasks, outcome')
      .addHelpText('after', examples('mainstay show 12 --json')),
  )
    .argument('<run>', 'number, id, or the beginning of an id')
    .action(async (reference: string, options: ConnectionOptions & OutputOptions) => {
      const run = await readRun(await cli.connect(options), reference);
      if (options.json === true) printJson(cli.terminal, run);
      else for (const line of timelineOf(run, cli.terminal)) cli.terminal.out(line);
    });
}
