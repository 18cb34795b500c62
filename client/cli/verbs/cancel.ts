// mainstay cancel RUN [--keep] [--reason TEXT]
import type { Command } from 'commander';

import type { Cli } from '../cli';
import { examples, withPerson } from '../cli';
import type { ControlOptions } from './controls';
import { controlRun } from './controls';

export function registerCancel(program: Command, cli: Cli): void {
  withPerson(
    program
      .command('cancel')
      .description('end a run: what it changed is undone, "finally" runs')
      .addHelpText('after', examples("mainstay cancel 12 --reason 'wrong window'")),
  )
    .argument('<run>', 'number or id')
    .option('--keep', 'leave what was changed as it is')
    .option('--reason <text>', 'why')
    .action((reference: string, options: ControlOptions) => controlRun(cli, reference, { action: 'cancel', options }));
}
