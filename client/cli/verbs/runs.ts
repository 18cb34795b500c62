// mainstay runs [--state STATE] [--outcome OUTCOME] [--definition NAME] [--requester WHO] [--label LABEL:VALUE] [--search WORDS] [--limit N]
import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';

import { RunOutcome, RunRow, RunState } from '../../api/schema';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { collect, examples, wholeNumber, withEngine } from '../cli';
import { printJson, printRows } from '../terminal';
import { instantText, outcomeText } from '../wording';

interface Options extends ConnectionOptions, OutputOptions {
  readonly state?: string;
  readonly outcome?: string;
  readonly definition?: string;
  readonly requester?: string;
  readonly label?: readonly string[];
  readonly search?: string;
  readonly limit: number;
  readonly before?: number;
}

export function registerRuns(program: Command, cli: Cli): void {
  withEngine(
    program
      .command('runs')
      .description('list runs, newest first')
      .addHelpText('after', examples('mainstay runs --state waiting', 'mainstay runs --outcome failed --search shop')),
  )
    .addOption(new Option('--state <state>', 'only runs in this state').choices(RunState.options))
    .addOption(new Option('--outcome <outcome>', 'only runs that ended so').choices(RunOutcome.options))
    .option('--definition <name>', 'only runs of this definition')
    .option('--requester <who>', 'only runs that user/<login> asked for')
    .option('--label <label:value>', 'only runs with this label; may be given again', collect)
    .option('--search <words>', 'only runs with these words in their number, runbook, requester, labels or inputs')
    .option('--limit <n>', 'how many', wholeNumber, 50)
    .option('--before <number>', 'only runs with a lower number', wholeNumber)
    .action((options: Options) => listRuns(cli, options));
}

async function listRuns(cli: Cli, options: Options): Promise<void> {
  const { state, outcome, definition, requester, label, search: q, limit, before } = options;
  const api = await cli.connect(options);
  const query = { state, outcome, definition, requester, label, q, limit, before };
  const { runs } = await api.get('/runs', query, z.object({ runs: z.array(RunRow) }));
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
