// mainstay run FILE|NAME|PLAN.json [-i k=v] [--inventory FILE] [--limit web1,web2] [--wait] [--expect HASH] [--check]
import type { Command } from 'commander';

import type { RunRow as Run } from '../../../platform/store/store';
import { RunRow } from '../../api/schema';
import { encodeBundle } from '../../../activities/plans/plan-bundle';
import type { ApiClient } from '../api-client';
import type { Cli, PersonOptions } from '../cli';
import { examples, withPerson } from '../cli';
import { readRun } from '../follow';
import type { PlanOptions } from '../planning';
import { planOf, publishedRequest, withPlanning } from '../planning';
import { printJson } from '../terminal';
import { expectPlan } from './expected-plan';
import { waitForEnd } from './waiting';

interface Options extends PersonOptions, PlanOptions {
  readonly wait?: boolean;
  readonly expect?: string;
  readonly check?: boolean;
  readonly acceptDegraded?: boolean;
  readonly idempotencyKey?: string;
}

export function registerRun(program: Command, cli: Cli): void {
  withPlanning(
    withPerson(
      program
        .command('run')
        .description('start a run of a file, a published definition or a plan')
        .addHelpText(
          'after',
          examples('mainstay run nginx-upgrade.yaml -i version=1.24.0 --wait', 'mainstay run plan.json --wait --json'),
        ),
    ),
  )
    .argument('<what>', 'runbook file, published name, or plan file')
    .option('--wait', 'show progress until the run ends; Ctrl-C lets go of it')
    .option('--expect <hash-or-plan>', 'start only if this is the plan: its hash, or a file that "plan -o" wrote')
    .option('--check', 'log in and read only: nothing is changed')
    .option('--accept-degraded', 'with --wait: exit 0 although some targets failed within their budget')
    .option('--idempotency-key <key>', 'the same key starts one run')
    .action((what: string, options: Options) => run(cli, what, options));
}

async function run(cli: Cli, what: string, options: Options): Promise<void> {
  // Asked for first: to compile for a minute and then find no engine would be a waste.
  const api = await cli.connect(options);
  const { idempotencyKey: key } = options;
  const body = { ...(await whatToStart(cli, api, { what, options })), ...howToStart(cli, options) };
  const started: Run = await api.post('/runs', key === undefined ? { body } : { body, key }, RunRow);
  if (options.wait === true) {
    cli.terminal.note(
      `Run ${started.number} (${started.id}) of ${started.definition.name} ${started.definition.version}`,
    );
    return waitForEnd(cli, { api, runId: started.id, number: started.number, after: -1, wanted: 'succeeded', options });
  }
  if (options.json === true) return printJson(cli.terminal, await readRun(api, started.id));
  cli.terminal.out(`Run ${started.number} (${started.id}) started`);
  cli.terminal.note(`Look: mainstay show ${started.number}`);
}

/** What is published the engine compiles itself, so that it knows what it is and who may start it. */
async function whatToStart(
  cli: Cli,
  api: ApiClient,
  { what, options }: { readonly what: string; readonly options: Options },
): Promise<object> {
  const { expect: expected } = options;
  const published = publishedRequest(what, options);
  if (published !== null && expected === undefined) return published;
  const { bundle } = await planOf(cli, what, options);
  if (expected === undefined) return encodeBundle(bundle);
  await expectPlan(cli, api, { bundle, expected });
  return { ...(published ?? encodeBundle(bundle)), expect: bundle.plan.planHash };
}

function howToStart(cli: Cli, options: Options): Readonly<Record<string, unknown>> {
  return {
    requester: cli.person(options.as),
    ...(options.check === undefined ? {} : { check: options.check }),
  };
}
