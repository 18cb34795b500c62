// mainstay change extend CHANGE --window-end T [--zone Z]
import type { Command } from 'commander';

import { ChangeView } from '../../../api/change-schema';
import { apiPath } from '../../../typed/path';
import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { printJson } from '../../terminal';
import { actOn, tellActed } from './act';
import type { ActOptions } from './act';
import { zoneOf } from './view-text';
import { instantOf } from './window';

interface Options extends ActOptions {
  readonly windowEnd: string;
  readonly zone?: string;
  readonly reason?: string;
}

export function registerChangeExtend(change: Command, cli: Cli): void {
  withPerson(
    change
      .command('extend')
      .description('ask for a later end while a change is carried out: one change manager votes on it')
      .addHelpText('after', examples('mainstay change extend CHG-12 --window-end 2026-11-25T03:00')),
  )
    .argument('<change>', 'CHG-12, 12, id, or the beginning of an id')
    .requiredOption('--window-end <time>', 'in the zone of the change, or with an offset')
    .option('--zone <zone>', 'zone of the time (else that of the change)')
    .option('--reason <text>', 'why')
    .action((reference: string, options: Options) => extend(cli, reference, options));
}

async function extend(cli: Cli, reference: string, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const zone = options.zone ?? zoneOf(await api.get(apiPath`/changes/${reference}`, {}, ChangeView));
  const body = { end: instantOf(options.windowEnd, zone), reason: options.reason ?? '' };
  const acted = await actOn(cli, reference, { action: 'extend', body, options, api });
  if (options.json === true) return printJson(cli.terminal, acted);
  tellActed(cli, acted, 'extend');
}
