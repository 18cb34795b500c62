// mainstay backup show OPERATION
import type { Command } from 'commander';

import { OperationView } from '../../../api/backup-schema';
import { apiPath } from '../../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { examples, withEngine } from '../../cli';
import { printJson } from '../../terminal';
import { operationText } from './operation-text';

export function registerBackupShow(backup: Command, cli: Cli): void {
  withEngine(
    backup
      .command('show')
      .description(
        'show a backup, verification, pruning, restore or drill: steps, assertions, evidence, runs, timeline',
      )
      .addHelpText('after', examples('mainstay backup show b3f0c1d2e4a5', 'mainstay audit export b3f0c1d2e4a5')),
  )
    .argument('<operation>', 'id, or the beginning of an id; that of a set is that of the backup that made it')
    .action(async (reference: string, options: ConnectionOptions & OutputOptions) => {
      const api = await cli.connect(options);
      const view = await api.get(apiPath`/backup-operations/${reference}`, {}, OperationView);
      if (options.json === true) return printJson(cli.terminal, view);
      for (const line of operationText(view, cli.terminal)) cli.terminal.out(line);
    });
}
