// mainstay backup plan [PLAN]
import type { Command } from 'commander';

import { lastLevel } from '../../../../workflows/domain/backup-levels';
import { PlanList, PlanView } from '../../../api/backup-schema';
import { apiPath } from '../../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { examples, withEngine } from '../../cli';
import { everyPage } from '../../every-page';
import { printJson, printRows } from '../../terminal';
import { utcText } from '../calendar/times';
import { planText } from './plan-text';

type Options = ConnectionOptions & OutputOptions;

export function registerBackupPlan(backup: Command, cli: Cli): void {
  withEngine(
    backup
      .command('plan')
      .description(
        'the backup plans; of one: what is in force, its next slots, alarms, and what is about to be deleted',
      )
      .addHelpText('after', examples('mainstay backup plan', 'mainstay backup plan shop-files')),
  )
    .argument('[plan]', 'name of a published BackupPlan; without it all are listed')
    .action((plan: string | undefined, options: Options) =>
      plan === undefined ? list(cli, options) : show(cli, plan, options),
    );
}

async function show(cli: Cli, plan: string, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const view = await api.get(apiPath`/backups/${plan}`, {}, PlanView);
  if (options.json === true) return printJson(cli.terminal, view);
  for (const line of planText(view, cli.terminal)) cli.terminal.out(line);
}

async function list(cli: Cli, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const plans = (await everyPage(api, { path: '/backups' }, PlanList)).flatMap((page) => page.plans);
  if (options.json === true) return printJson(cli.terminal, plans);
  const rows = plans.map(({ name, service, provider, lastSet, next, paused, alarms, problems, open }) => [
    name,
    service,
    provider,
    lastSet === null ? '-' : `${utcText(lastSet.atMs)} ${lastLevel(lastSet.levels) ?? 'unverified'}`,
    paused !== null ? 'paused' : next === null ? '-' : `${utcText(next.atMs)} ${next.run}`,
    String(open),
    [...alarms.map(({ alarm }) => alarm), ...(problems.length > 0 ? ['problems'] : [])].join(' ') || '-',
  ]);
  printRows(cli.terminal, ['PLAN', 'SERVICE', 'PROVIDER', 'LAST', 'NEXT', 'OPEN', 'ALARMS'], rows);
}
