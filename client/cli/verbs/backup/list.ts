// mainstay backup list PLAN [--pruned]
// mainstay backup list [PLAN] --operations [--kind K] [--open]
import { Option } from 'commander';
import type { Command } from 'commander';

import { OperationList, RestorePoints } from '../../../api/backup-schema';
import { apiPath } from '../../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { examples, wholeNumber, withEngine } from '../../cli';
import { Misuse } from '../../failure';
import { printJson, printRows } from '../../terminal';
import { durationText, instantText } from '../../wording';
import { standingOf } from './operation-text';
import { setHeading, setRow } from './set-text';

interface Options extends ConnectionOptions, OutputOptions {
  readonly operations?: boolean;
  readonly kind?: string;
  readonly open?: boolean;
  readonly pruned?: boolean;
  readonly limit: number;
}

export function registerBackupList(backup: Command, cli: Cli): void {
  withEngine(
    backup
      .command('list')
      .description('sets of a plan, newest first: the points to restore to; or operations')
      .addHelpText(
        'after',
        examples('mainstay backup list shop-files', 'mainstay backup list --operations --kind drill'),
      ),
  )
    .argument('[plan]', 'name of a published BackupPlan')
    .option('--pruned', 'also sets that were deleted')
    .option('--operations', 'backups, verifications, prunings, restores and drills instead')
    .addOption(
      new Option('--kind <kind>', 'with --operations: only these').choices([
        'backup',
        'verify',
        'forget',
        'restore',
        'drill',
        'watch',
      ]),
    )
    .option('--open', 'with --operations: only those that have not ended')
    .option('--limit <n>', 'how many', wholeNumber, 50)
    .action((plan: string | undefined, options: Options) =>
      options.operations === true ? operations(cli, plan, options) : sets(cli, plan, options),
    );
}

async function sets(cli: Cli, plan: string | undefined, options: Options): Promise<void> {
  if (plan === undefined) throw new Misuse('Cannot list sets: name a plan, or say --operations');
  const api = await cli.connect(options);
  const query = { limit: options.limit, pruned: options.pruned };
  const { points } = await api.get(apiPath`/backups/${plan}/sets`, query, RestorePoints);
  if (options.json === true) return printJson(cli.terminal, points);
  printRows(cli.terminal, setHeading, points.map(setRow));
}

async function operations(cli: Cli, plan: string | undefined, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const { kind, open, limit } = options;
  const { operations: rows } = await api.get('/backup-operations', { plan, kind, open, limit }, OperationList);
  if (options.json === true) return printJson(cli.terminal, rows);
  printRows(
    cli.terminal,
    ['OPERATION', 'KIND', 'PLAN', 'BEGAN', 'TOOK', 'OUTCOME', 'SET', 'REASON'],
    rows.map((row) => [
      row.id,
      row.kind,
      row.plan,
      instantText(row.openedAt),
      row.endedAt === null ? '-' : durationText(row.endedAt - row.openedAt),
      standingOf(row),
      row.set ?? '-',
      row.reason,
    ]),
  );
}
