// mainstay undo RUN [--wait]
import type { Command } from 'commander';

import type { Cli } from '../cli';
import { examples, withPerson } from '../cli';
import type { ResumeOptions } from './going-on';
import { goOn } from './going-on';

export function registerUndo(program: Command, cli: Cli): void {
  withPerson(
    program
      .command('undo')
      .description('undo what a run that has ended changed, in reverse')
      .addHelpText('after', examples('mainstay undo 12 --wait')),
  )
    .argument('<run>', 'number or id')
    .option('--wait', 'show progress until the run ends')
    .action((reference: string, options: ResumeOptions) => goOn(cli, reference, { undo: true, options }));
}
