// mainstay runs [--state STATE] [--definition NAME] [--limit N]
import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';

import { RunRow } from '../../api/schema';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, wholeNumber, withEngine } from '../cli';
import { printJson, printRows } from '../terminal';
import { instantText, outcomeText } from '../wording';

interface Options extends ConnectionOptions, OutputOptions {
  readonly state?: string;
  readonly definition?: string;
  readonly limit: number;
  readonly before?: number;
}

const states = ['pending', 'running', 'waiting', 'paused', 'closed'];

export function registerRuns(program: Command, cli: Cli): void {
  withEngine(
    program
      .command('runs')
      .description('list runs, newest first')
      .addHelpText('after', examples('mainstay runs --state waiting')),
  )
    .addOption(new Option('--state <state>', 'only runs in this state').choices(states))
    .option('--definition <name>', 'only runs of this definition')
    .option('--limit <n>', 'how many', wholeNumber, 50)
    .option('--before <number>', 'only runs with a lower number', wholeNumber)
    .action((options: Options) => listRuns(cli, options));
}

async function listRuns(cli: Cli, options: Options): Promise<void> {
  const { state, definition, limit, before } = options;
  const api = await cli.connect(options);
  const { runs } = await api.get('/runs', { state, definition, limit, before }, z.object({ runs: z.array(RunRow) }));
  if (options.json === true) return printJson(cli.terminal, runs);
  const rows = runs.map((run) => [
    String(run.number),
    run.id,
    `${run.definition.name} ${run.definition.version}`,
    outcomeText(run),
    run.requester,
    instantText(run.startedAt ?? run.createdAt),
  ]);
  printRows(cli.terminal, ['RUN', 'ID', 'DEFINITION', 'STATE', 'REQUESTER', 'STARTED'], rows);
}
