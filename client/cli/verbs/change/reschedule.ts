// mainstay change reschedule CHANGE --window-start T --window-end T [--zone Z]
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
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly zone?: string;
  readonly reason?: string;
}

export function registerChangeReschedule(change: Command, cli: Cli): void {
  withPerson(
    change
      .command('reschedule')
      .description(
        'give a change another window: conflicts are looked for again, and who approved the old one is asked again',
      )
      .addHelpText(
        'after',
        examples('mainstay change reschedule CHG-12 --window-start 2026-11-25T22:00 --window-end 2026-11-26T02:00'),
      ),
  )
    .argument('<change>', 'CHG-12, 12, id, or the beginning of an id')
    .requiredOption('--window-start <time>', 'in the zone of the change, or with an offset')
    .requiredOption('--window-end <time>', 'its end; the window contains the back-out')
    .option('--zone <zone>', 'zone of the times (else that of the change)')
    .option('--reason <text>', 'why')
    .action((reference: string, options: Options) => reschedule(cli, reference, options));
}

async function reschedule(cli: Cli, reference: string, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const zone = options.zone ?? zoneOf(await api.get(apiPath`/changes/${reference}`, {}, ChangeView));
  const { windowStart, windowEnd, reason = '' } = options;
  const body = { start: instantOf(windowStart, zone), end: instantOf(windowEnd, zone), reason };
  const acted = await actOn(cli, reference, { action: 'reschedule', body, options, api });
  if (options.json === true) return printJson(cli.terminal, acted);
  tellActed(cli, acted, 'reschedule');
}
