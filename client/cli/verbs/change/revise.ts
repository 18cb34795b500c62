// mainstay change revise CHANGE [--reason TEXT]
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { actAndTell } from './act';
import type { ActOptions } from './act';

interface Options extends ActOptions {
  readonly reason?: string;
}

export function registerChangeRevise(change: Command, cli: Cli): void {
  withPerson(
    change
      .command('revise')
      .description('take a change back to draft: nobody is asked any more')
      .addHelpText('after', examples("mainstay change revise CHG-12 --reason 'the plan was wrong'")),
  )
    .argument('<change>', 'CHG-12, 12, id, or the beginning of an id')
    .option('--reason <text>', 'why')
    .action((reference: string, options: Options) =>
      actAndTell(cli, reference, { action: 'revise', body: { reason: options.reason ?? '' }, options }),
    );
}
