// mainstay locks
// mainstay locks free NAME --reason TEXT
import type { Command } from 'commander';
import { z } from 'zod';

import { LockList } from '../../api/schema';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../cli';
import { examples, withEngine, withPerson } from '../cli';
import { everyPage } from '../every-page';
import { printJson, printRows } from '../terminal';
import { instantText } from '../wording';

type ListOptions = ConnectionOptions & OutputOptions;
type FreeOptions = ListOptions & PersonOptions & { readonly reason: string };

export function registerLocks(program: Command, cli: Cli): void {
  const locks = withEngine(program.command('locks').description('list what runs hold locked'))
    .addHelpText(
      'after',
      examples(
        'mainstay locks',
        "mainstay locks free service/shop --as user/anna --reason 'looked at db1 and db2: nothing runs'",
      ),
    )
    .action((options: ListOptions) => list(cli, options));
  withPerson(locks.command('free').description('free the lock of a run that is over: look at its hosts first'))
    .argument('<name>', 'name of an orphaned lock')
    .requiredOption('--reason <text>', 'what made sure that nothing works on it any more')
    .addHelpText(
      'after',
      examples("mainstay locks free service/shop --as user/anna --reason 'looked at db1 and db2: nothing runs'"),
    )
    // `locks` has the same options and takes them first, wherever they stand.
    .action((name: string, _options: FreeOptions, command: Command) =>
      free(cli, name, command.optsWithGlobals<FreeOptions>()),
    );
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const api = await cli.connect(options);
  const locks = (await everyPage(api, { path: '/locks' }, LockList)).flatMap((page) => page.locks);
  if (options.json === true) return printJson(cli.terminal, locks);
  const rows = locks.map((lock) => [lock.name, lock.state, lock.runId, lock.path, instantText(lock.at)]);
  printRows(cli.terminal, ['LOCK', 'STATE', 'RUN', 'STEP', 'SINCE'], rows);
}

async function free(cli: Cli, name: string, options: FreeOptions): Promise<void> {
  const api = await cli.connect(options);
  const body = { actor: cli.person(options.as), name, reason: options.reason };
  const freed = await api.post('/locks/free', { body }, z.object({ name: z.string(), freed: z.literal(true) }));
  if (options.json === true) return printJson(cli.terminal, freed);
  cli.terminal.out(`Lock ${freed.name} is free`);
}
