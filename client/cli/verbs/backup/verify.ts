// mainstay backup verify PLAN [--set SET] [--level V1|V2] [--read-percent N] [--wait]
import { Option } from 'commander';
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { examples, wholeNumber, withPerson } from '../../cli';
import { actAndTell } from './act';
import type { ActOptions } from './act';
import { withWait } from './options';

interface Options extends ActOptions {
  readonly set?: string;
  readonly level: string;
  readonly readPercent: number;
}

export function registerBackupVerify(backup: Command, cli: Cli): void {
  withWait(
    withPerson(
      backup
        .command('verify')
        .description('verify a set again; one that is not intact is marked broken')
        .addHelpText('after', examples('mainstay backup verify shop-files --level V2 --wait')),
    ),
  )
    .argument('<plan>', 'name of a published BackupPlan')
    .option('--set <set>', 'id of a set, or the beginning of one (else the newest)')
    .addOption(
      new Option('--level <level>', 'V1: checksums of the repository, V2: a sample against the source')
        .choices(['V1', 'V2'])
        .default('V1'),
    )
    .option('--read-percent <n>', 'how much of it is really read', wholeNumber, 100)
    .action((plan: string, options: Options) => {
      const { set, level, readPercent } = options;
      const body = { level, readPercent, ...(set === undefined ? {} : { set }) };
      return actAndTell(cli, plan, { action: 'verify', body, options });
    });
}
