// mainstay backup restore PLAN --reason TEXT [--at TIME|latest|set] [--set SET] [--over] [--wait]
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { actAndTell } from './act';
import type { ActOptions } from './act';
import { targetOf, withTarget, withWait } from './options';

interface Options extends ActOptions {
  readonly at: string;
  readonly zone?: string;
  readonly set?: string;
  readonly over?: boolean;
  readonly reason: string;
}

export function registerBackupRestore(backup: Command, cli: Cli): void {
  withWait(
    withTarget(
      withPerson(
        backup
          .command('restore')
          .description(
            'restore beside what is live: approved first, with what would be lost; --over swaps it in, and the original stays until that is confirmed',
          )
          .addHelpText(
            'after',
            examples(
              "mainstay backup restore shop-files --at 2026-11-21T09:30 --zone Europe/Berlin --reason 'orders were deleted'",
              "mainstay backup restore shop-db --set b3f0 --at set --over --reason 'back to before the release' --wait",
            ),
          ),
      ),
      'latest',
    ),
  )
    .argument('<plan>', 'name of a published BackupPlan')
    .requiredOption('--reason <text>', 'why')
    .option(
      '--set <set>',
      'id of a set, or the beginning of one (else the newest good one from which the time can be reached)',
    )
    .option('--over', 'have it take the place of what is live: two people approve')
    .action((plan: string, options: Options) => {
      const { at, zone, set, over, reason } = options;
      const body = { at: targetOf(at, zone), over: over === true, reason, ...(set === undefined ? {} : { set }) };
      return actAndTell(cli, plan, { action: 'restore', body, options });
    });
}
