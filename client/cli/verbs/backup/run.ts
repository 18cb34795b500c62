// mainstay backup run PLAN [--backup ID] [--wait]
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { actAndTell } from './act';
import type { ActOptions } from './act';
import { withWait } from './options';

interface Options extends ActOptions {
  readonly backup?: string;
}

export function registerBackupRun(backup: Command, cli: Cli): void {
  withWait(
    withPerson(
      backup
        .command('run')
        .description('make a backup now; it succeeds when it is verified, not when the tool says so')
        .addHelpText('after', examples('mainstay backup run shop-files --wait')),
    ),
  )
    .argument('<plan>', 'name of a published BackupPlan')
    .option('--backup <id>', 'which backup of the plan (else the first)')
    .action((plan: string, options: Options) => {
      const body = options.backup === undefined ? {} : { backup: options.backup };
      return actAndTell(cli, plan, { action: 'run', body, options });
    });
}
