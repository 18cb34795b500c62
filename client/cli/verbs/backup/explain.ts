// mainstay backup explain PLAN
import type { Command } from 'commander';

import { RetentionView } from '../../../api/backup-schema';
import type { RetentionView as View } from '../../../backup-views';
import { apiPath } from '../../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { examples, withEngine } from '../../cli';
import { printJson, styled } from '../../terminal';
import type { Terminal } from '../../terminal';
import { countText } from '../../wording';
import { utcText } from '../calendar/times';

export function registerBackupExplain(backup: Command, cli: Cli): void {
  withEngine(
    backup
      .command('explain')
      .description('why retention keeps each set now, or lets it go; nothing is changed by it')
      .addHelpText('after', examples('mainstay backup explain shop-files')),
  )
    .argument('<plan>', 'name of a published BackupPlan')
    .action(async (plan: string, options: ConnectionOptions & OutputOptions) => {
      const api = await cli.connect(options);
      const view = await api.get(apiPath`/backups/${plan}/retention`, {}, RetentionView);
      if (options.json === true) return printJson(cli.terminal, view);
      for (const line of retentionText(view, cli.terminal)) cli.terminal.out(line);
    });
}

function retentionText({ explained, pruning }: View, terminal: Terminal): readonly string[] {
  const going = explained.filter(({ keep }) => !keep).length;
  return [
    `${countText(explained.length, 'set')}, ${going} of them no rule keeps`,
    ...explained.map(
      ({ set, keep, reasons }) => `  ${set}  ${styled(terminal, keep ? 'green' : 'yellow', reasons.join('; '))}`,
    ),
    ...(pruning === null
      ? []
      : [
          `To be deleted between ${utcText(pruning.notBeforeMs)} and ${utcText(pruning.notAfterMs)}: ${pruning.sets.join(' ')}`,
        ]),
  ];
}
