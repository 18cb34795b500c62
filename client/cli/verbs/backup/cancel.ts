// mainstay backup cancel OPERATION [--reason TEXT]
import type { Command } from 'commander';

import { BackupOperation } from '../../../api/backup-schema';
import { apiPath } from '../../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../../cli';
import { examples, withPerson } from '../../cli';
import { printJson } from '../../terminal';

interface Options extends ConnectionOptions, OutputOptions, PersonOptions {
  readonly reason?: string;
}

export function registerBackupCancel(backup: Command, cli: Cli): void {
  withPerson(
    backup
      .command('cancel')
      .description('have an operation end: it cleans up first, and a drill is INTERRUPTED')
      .addHelpText('after', examples("mainstay backup cancel b3f0c1d2e4a5 --reason 'we need the host'")),
  )
    .argument('<operation>', 'id, or the beginning of an id')
    .option('--reason <text>', 'why')
    .action(async (reference: string, options: Options) => {
      const api = await cli.connect(options);
      const body = { actor: cli.person(options.as), reason: options.reason ?? '' };
      const row = await api.post(apiPath`/backup-operations/${reference}/cancel`, { body }, BackupOperation);
      if (options.json === true) return printJson(cli.terminal, row);
      cli.terminal.out(`${row.kind} ${row.id} of ${row.plan}: cancel accepted, it cleans up`);
    });
}
