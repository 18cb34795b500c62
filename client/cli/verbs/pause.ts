// mainstay pause RUN
import type { Command } from 'commander';

import type { Cli } from '../cli';
import { examples, withPerson } from '../cli';
import type { ControlOptions } from './controls';
import { controlRun } from './controls';

export function registerPause(program: Command, cli: Cli): void {
  withPerson(
    program
      .command('pause')
      .description('start no further step; what runs finishes')
      .addHelpText('after', examples('mainstay pause 12')),
  )
    .argument('<run>', 'number or id')
    .action((reference: string, options: ControlOptions) => controlRun(cli, reference, { action: 'pause', options }));
}
