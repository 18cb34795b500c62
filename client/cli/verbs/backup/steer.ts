// mainstay backup pause|resume PLAN [--reason TEXT]
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { actAndTell } from './act';
import type { ActOptions } from './act';

interface Options extends ActOptions {
  readonly reason?: string;
}

const steering = {
  pause: 'nothing of a plan starts by itself any more; what is asked for does',
  resume: 'let a paused plan go on',
} as const;

export function registerBackupSteering(backup: Command, cli: Cli): void {
  for (const action of ['pause', 'resume'] as const) {
    withPerson(
      backup
        .command(action)
        .description(steering[action])
        .addHelpText('after', examples(`mainstay backup ${action} shop-files --reason 'the storage moves'`)),
    )
      .argument('<plan>', 'name of a published BackupPlan')
      .option('--reason <text>', 'why')
      .action((plan: string, options: Options) =>
        actAndTell(cli, plan, { action, body: { reason: options.reason ?? '' }, options }),
      );
  }
}
