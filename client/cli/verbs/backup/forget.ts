// mainstay backup forget PLAN
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { actAndTell } from './act';
import type { ActOptions } from './act';

export function registerBackupForget(backup: Command, cli: Cli): void {
  withPerson(
    backup
      .command('forget')
      .description(
        'plan now what retention lets go; it is deleted after the grace, unless a hold or anything else speaks for it until then',
      )
      .addHelpText('after', examples('mainstay backup explain shop-files', 'mainstay backup forget shop-files')),
  )
    .argument('<plan>', 'name of a published BackupPlan')
    .action((plan: string, options: ActOptions) => actAndTell(cli, plan, { action: 'forget', body: {}, options }));
}
