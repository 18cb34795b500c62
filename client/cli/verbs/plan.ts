// mainstay plan FILE|NAME [-i k=v] [--inventory FILE] [--limit web1,web2] [-o PLAN.json]
import type { Command } from 'commander';

import { describePlan } from '../../../definitions/plan-view';
import { formatPlan } from '../../../definitions/plan-view/format';
import type { Cli, PersonOptions } from '../cli';
import { examples, withPerson } from '../cli';
import { earlierRuns } from '../earlier-runs';
import type { PlanOptions } from '../planning';
import { planOf, withPlanning } from '../planning';
import { writePlanFile } from '../plan-file';
import { printJson } from '../terminal';

interface Options extends PlanOptions, PersonOptions {
  readonly output?: string;
}

export function registerPlan(program: Command, cli: Cli): void {
  withPlanning(
    withPerson(
      program
        .command('plan')
        .description('show what a run would do, before anything runs')
        .addHelpText('after', examples('mainstay plan nginx-upgrade.yaml -i version=1.24.0 --inventory hosts.yaml')),
    ),
  )
    .argument('<what>', 'runbook file, published name, or plan file')
    .option('-o, --output <file>', 'also write the plan to a file that "run" takes')
    .action((what: string, options: Options) => plan(cli, what, options));
}

async function plan(cli: Cli, what: string, options: Options): Promise<void> {
  const { bundle, members } = await planOf(cli, what, options);
  const history = await earlierRuns(cli, options, bundle.plan.program);
  const description = describePlan(bundle, await members(), history);
  if (options.json === true) printJson(cli.terminal, description);
  else cli.terminal.out(formatPlan(description, { requester: cli.person(options.as) }).trimEnd());
  if (options.output === undefined) return;
  await writePlanFile(options.output, bundle);
  cli.terminal.note(`Wrote ${options.output}`);
}
