// mainstay run FILE|NAME|PLAN.json [-i k=v] [--inventory FILE] [--limit web1,web2] [--wait] [--expect HASH] [--check]
//   mainstay run nginx-upgrade.yaml -i version=1.24.0 --wait
//   mainstay run plan.json --wait --json
import { randomUUID } from 'node:crypto';

import type { Command } from 'commander';

import type { RunRow as Run } from '../../../platform/store/store';
import { RunRow } from '../../api/schema';
import { encodeBundle } from '../../plan-bundle';
import type { ApiClient } from '../api-client';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../cli';
import { withPerson } from '../cli';
import { isMissing } from '../failure';
import { readRun } from '../follow';
import type { PlanOptions } from '../planning';
import { planOf, withPlanning } from '../planning';
import { readPlanFile } from '../plan-file';
import { printJson } from '../terminal';
import { explainChange } from './plan-change';
import { waitForEnd } from './waiting';

interface Options extends ConnectionOptions, OutputOptions, PersonOptions, PlanOptions {
  readonly wait?: boolean;
  readonly expect?: string;
  readonly check?: boolean;
  readonly acceptDegraded?: boolean;
  readonly idempotencyKey?: string;
}

export function registerRun(program: Command, cli: Cli): void {
  withPlanning(withPerson(program.command('run').description('start a run of a file, a published definition or a plan')))
    .argument('<what>', 'runbook file, published name, or plan file')
    .option('--wait', 'show progress until the run ends; Ctrl-C lets go of it')
    .option('--expect <hash>', 'start only if the plan has this hash; a plan file stands for its hash')
    .option('--check', 'log in and read only: nothing is changed')
    .option('--accept-degraded', 'with --wait: exit 0 although some targets failed within their budget')
    .option('--idempotency-key <key>', 'the same key starts one run')
    .action((what: string, options: Options) => run(cli, what, options));
}

async function run(cli: Cli, what: string, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const started = await start(cli, api, { what, options });
  if (options.wait === true) {
    cli.terminal.note(`Run ${started.number} (${started.id}) of ${started.definition.name} ${started.definition.version}`);
    return waitForEnd(cli, { runId: started.id, number: started.number, after: -1, wanted: 'succeeded', options });
  }
  if (options.json === true) return printJson(cli.terminal, await readRun(api, started.id));
  cli.terminal.out(`Run ${started.number} (${started.id}) started`);
  cli.terminal.note(`Look: mainstay show ${started.number}`);
}
