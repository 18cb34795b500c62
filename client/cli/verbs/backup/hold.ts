// mainstay backup hold PLAN SET --name NAME --reason TEXT [--kind legal|permanent] [--until TIME]
import { Option } from 'commander';
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { Misuse } from '../../failure';
import { instantOf } from '../change/window';
import { actAndTell } from './act';
import type { ActOptions } from './act';

interface Options extends ActOptions {
  readonly name: string;
  readonly kind: string;
  readonly until?: string;
  readonly zone?: string;
  readonly reason: string;
}

export function registerBackupHold(backup: Command, cli: Cli): void {
  withPerson(
    backup
      .command('hold')
      .description('keep a set, and all that it needs, whatever retention says')
      .addHelpText(
        'after',
        examples(
          "mainstay backup hold shop-files b3f0c1d2e4a5 --name audit-2026 --kind legal --reason 'court order 7'",
          "mainstay backup hold shop-files b3f0 --name migration --until 2026-12-24T00:00Z --reason 'until it is through'",
        ),
      ),
  )
    .argument('<plan>', 'name of a published BackupPlan')
    .argument('<set>', 'id of a set, or the beginning of one')
    .requiredOption('--name <name>', 'by which it is released')
    .requiredOption('--reason <text>', 'why')
    .addOption(
      new Option('--kind <kind>', 'legal and permanent ones are lifted by two people only')
        .choices(['plain', 'legal', 'permanent'])
        .default('plain'),
    )
    .option('--until <time>', 'of a plain one: when it ends by itself')
    .option('--zone <zone>', 'zone of --until')
    .action((plan: string, set: string, options: Options) => hold(cli, { plan, set }, options));
}

function hold(
  cli: Cli,
  { plan, set }: { readonly plan: string; readonly set: string },
  options: Options,
): Promise<void> {
  const { name, kind, until, zone, reason } = options;
  if (until !== undefined && kind !== 'plain')
    throw new Misuse(`Cannot hold "${set}" until "${until}": a ${kind} hold ends only when two people lift it`);
  const body = { set, name, kind, reason, ...(until === undefined ? {} : { until: instantOf(until, zone) }) };
  return actAndTell(cli, plan, { action: 'hold', body, options });
}
