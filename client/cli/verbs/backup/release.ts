// mainstay backup release PLAN SET --name NAME --reason TEXT
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { actAndTell } from './act';
import type { ActOptions } from './act';

interface Options extends ActOptions {
  readonly name: string;
  readonly reason: string;
}

export function registerBackupRelease(backup: Command, cli: Cli): void {
  withPerson(
    backup
      .command('release')
      .description('lift a hold; of a legal or permanent one two people are asked')
      .addHelpText(
        'after',
        examples("mainstay backup release shop-files b3f0 --name audit-2026 --reason 'case closed'"),
      ),
  )
    .argument('<plan>', 'name of a published BackupPlan')
    .argument('<set>', 'id of a set, or the beginning of one')
    .requiredOption('--name <name>', 'of the hold')
    .requiredOption('--reason <text>', 'why')
    .action((plan: string, set: string, options: Options) => {
      const body = { set, name: options.name, reason: options.reason };
      return actAndTell(cli, plan, { action: 'release', body, options });
    });
}
