// mainstay backup calendar [--days N]
import type { Command } from 'commander';

import { DrillCalendar } from '../../../api/backup-schema';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { examples, wholeNumber, withEngine } from '../../cli';
import { printJson, printRows } from '../../terminal';
import { utcText } from '../calendar/times';
import { msText, standingOf } from './operation-text';

interface Options extends ConnectionOptions, OutputOptions {
  readonly days: number;
}

export function registerBackupCalendar(backup: Command, cli: Cli): void {
  withEngine(
    backup
      .command('calendar')
      .description('calendar of restore drills: verdicts of those that were, and those to come')
      .addHelpText('after', examples('mainstay backup calendar --days 90')),
  )
    .option('--days <n>', 'how far to look ahead', wholeNumber, 30)
    .action(async (options: Options) => {
      const api = await cli.connect(options);
      const calendar = await api.get('/backup-drills', { days: options.days }, DrillCalendar);
      if (options.json === true) return printJson(cli.terminal, calendar);
      const past = calendar.past
        .toReversed()
        .map((row) => [
          utcText(row.openedAt),
          row.plan,
          row.service,
          standingOf(row),
          row.measured === null ? '-' : `RTO ${msText(row.measured.rtoMs)}, RPO ${msText(row.measured.rpoMs)}`,
          row.id,
        ]);
      const planned = calendar.planned.map(({ atMs, plan, service }) => [
        utcText(atMs),
        plan,
        service,
        'planned',
        '-',
        '-',
      ]);
      printRows(cli.terminal, ['AT', 'PLAN', 'SERVICE', 'VERDICT', 'MEASURED', 'OPERATION'], [...past, ...planned]);
    });
}
