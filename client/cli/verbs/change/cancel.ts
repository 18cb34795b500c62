// mainstay change cancel CHANGE [--keep] [--reason TEXT]
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { actAndTell } from './act';
import type { ActOptions } from './act';

interface Options extends ActOptions {
  readonly keep?: boolean;
  readonly reason?: string;
}

export function registerChangeCancel(change: Command, cli: Cli): void {
  withPerson(
    change
      .command('cancel')
      .description('cancel a change; while it is carried out it stops at a safe point and what was changed is undone')
      .addHelpText('after', examples("mainstay change cancel CHG-12 --reason 'not needed any more'")),
  )
    .argument('<change>', 'CHG-12, 12, id, or the beginning of an id')
    .option('--keep', 'leave what was changed as it is')
    .option('--reason <text>', 'why')
    .action((reference: string, options: Options) => {
      const body = { keep: options.keep === true, reason: options.reason ?? '' };
      return actAndTell(cli, reference, { action: 'cancel', body, options });
    });
}
