// mainstay change list [--phase P] [--requester U] [--item I] [--from T] [--to T] [--open]
import { Option } from 'commander';
import type { Command } from 'commander';

import { phasesWithStanding } from '../../../../workflows/domain/change-standing';
import { ChangeList } from '../../../api/change-schema';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { examples, wholeNumber, withEngine } from '../../cli';
import { printJson, printRows } from '../../terminal';
import { utcText } from '../calendar/times';
import { instantOf } from './window';

interface Options extends ConnectionOptions, OutputOptions {
  readonly phase?: string;
  readonly requester?: string;
  readonly item?: string;
  readonly from?: string;
  readonly to?: string;
  readonly zone?: string;
  readonly open?: boolean;
  readonly limit: number;
  readonly before?: number;
}

export function registerChangeList(change: Command, cli: Cli): void {
  withEngine(
    change
      .command('list')
      .description('list changes, newest first')
      .addHelpText(
        'after',
        examples('mainstay change list --open', 'mainstay change list --item host/web1 --from 2026-11-24T00:00Z'),
      ),
  )
    .addOption(new Option('--phase <phase>', 'only those in this phase').choices(phasesWithStanding))
    .option('--requester <user>', 'only those of this person')
    .option('--item <item>', 'only those that work on this item: host/web1, service/shop')
    .option('--from <time>', 'only those whose window ends after it')
    .option('--to <time>', 'only those whose window starts before it')
    .option('--zone <zone>', 'zone of --from and --to')
    .option('--open', 'only those that are not over')
    .option('--limit <n>', 'how many', wholeNumber, 50)
    .option('--before <number>', 'only those with a lower number', wholeNumber)
    .action((options: Options) => list(cli, options));
}

async function list(cli: Cli, options: Options): Promise<void> {
  const { phase, requester, item, open, limit, before, zone } = options;
  const from = options.from === undefined ? undefined : instantOf(options.from, zone);
  const to = options.to === undefined ? undefined : instantOf(options.to, zone);
  const whose = requester === undefined ? undefined : cli.person(requester);
  const api = await cli.connect(options);
  const query = { phase, requester: whose, item, from, to, open, limit, before };
  const { changes } = await api.get('/changes', query, ChangeList);
  if (options.json === true) return printJson(cli.terminal, changes);
  const rows = changes.map((row) => [
    `CHG-${row.number}`,
    row.outcome ?? row.phase,
    row.assessed?.risk ?? '-',
    row.window === null ? '-' : `${utcText(row.window.startMs)}/${utcText(row.window.endMs)}`,
    row.requester,
    row.flags.join(' '),
    row.title,
  ]);
  printRows(cli.terminal, ['CHANGE', 'STATE', 'RISK', 'WINDOW', 'REQUESTER', 'FLAGS', 'TITLE'], rows);
}
