// mainstay diff A B
import { existsSync } from 'node:fs';

import type { Command } from 'commander';

import { diffPlans } from '../../../definitions/plan-diff';
import type { PlanBundle } from '../../../activities/plans/plan-bundle';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, withEngine } from '../cli';
import { Unsuccessful } from '../failure';
import { readRun } from '../follow';
import { planOfRun } from '../known-plans';
import { readPlanFile } from '../plan-file';
import { printJson, styled } from '../terminal';

type Options = ConnectionOptions & OutputOptions;

export function registerDiff(program: Command, cli: Cli): void {
  withEngine(
    program
      .command('diff')
      .description('what is material and differs between two plans; exit 1 if anything does')
      .addHelpText('after', examples('mainstay diff monday.json tuesday.json', 'mainstay diff 12 13')),
  )
    .argument('<a>', 'plan file or run')
    .argument('<b>', 'plan file or run')
    .action((a: string, b: string, options: Options) => diff(cli, [a, b], options));
}

async function diff(cli: Cli, [a, b]: readonly [string, string], options: Options): Promise<void> {
  const [before, after] = [await readPlan(cli, a, options), await readPlan(cli, b, options)];
  const lines = diffPlans(before, after);
  if (options.json === true)
    printJson(cli.terminal, { before: before.plan.planHash, after: after.plan.planHash, differences: lines });
  else for (const line of lines) cli.terminal.out(styled(cli.terminal, line.startsWith('-') ? 'red' : 'green', line));
  if (lines.length > 0) throw new Unsuccessful('plans differ');
  cli.terminal.note('Nothing material differs');
}

async function readPlan(cli: Cli, what: string, options: Options): Promise<PlanBundle> {
  if (existsSync(what)) return readPlanFile(what);
  const api = await cli.connect(options);
  const run = await readRun(api, what);
  return planOfRun(api, run);
}
