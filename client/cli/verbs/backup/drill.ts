// mainstay backup drill PLAN [--set SET] [--seed N] [--at TIME|latest|set] [--wait]
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { actAndTell } from './act';
import type { ActOptions } from './act';
import { seedNumber, targetOf, withTarget, withWait } from './options';

interface Options extends ActOptions {
  readonly at: string;
  readonly zone?: string;
  readonly set?: string;
  readonly seed?: number;
}

export function registerBackupDrill(backup: Command, cli: Cli): void {
  withWait(
    withTarget(
      withPerson(
        backup
          .command('drill')
          .description(
            'prove a backup: restore it to an isolated place, assert, measure, look whether the assertions notice damage, destroy',
          )
          .addHelpText(
            'after',
            examples(
              'mainstay backup drill shop-files --wait',
              'mainstay backup drill shop-files --seed 42 --json --wait',
            ),
          ),
      ),
      'set',
    ),
  )
    .argument('<plan>', 'name of a published BackupPlan')
    .option('--set <set>', 'id of a set, or the beginning of one (else as the plan selects)')
    .option('--seed <n>', 'the same one selects the same set', seedNumber)
    .action((plan: string, options: Options) => {
      const { at, zone, set, seed } = options;
      const body = {
        at: targetOf(at, zone),
        ...(set === undefined ? {} : { set }),
        ...(seed === undefined ? {} : { seed }),
      };
      return actAndTell(cli, plan, { action: 'drill', body, options });
    });
}
