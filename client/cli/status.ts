/**
 * mainstay status [--data DIR] [--json]
 *
 *   mainstay status         what runs: server, worker, API, open runs and tasks; exit 1 when something is down
 */
import type { Command } from 'commander';

import { readConfig } from '../../platform/config';
import { findDataDirectory } from '../../platform/data-directory';
import type { SystemStatus } from '../../platform/status';
import { examples, withEngine } from './cli';
import type { Cli } from './cli';
import { Unsuccessful } from './failure';
import { printJson, printRows, styled } from './terminal';
import type { Terminal } from './terminal';

interface StatusOptions {
  readonly data?: string;
  readonly json?: boolean;
}

export function registerStatus(program: Command, cli: Cli): void {
  withEngine(program.command('status').description('tell what runs: server, worker, API, open runs and tasks'))
    .addHelpText('after', examples('mainstay status', 'mainstay status --json'))
    .action((options: StatusOptions) => status(options, cli));
}

async function status(options: StatusOptions, cli: Cli): Promise<void> {
  const config = readConfig();
  // Loaded here, not above: the Temporal client and the store come with it, and every other command would wait for them.
  const { readStatus } = await import('../../platform/status.js');
  const found = await readStatus(config, await findDataDirectory(config, options.data));
  if (options.json === true) printJson(cli.terminal, found);
  else printStatus(found, cli.terminal);
  if (!found.running) throw new Unsuccessful('not running');
}

function printStatus(found: SystemStatus, terminal: Terminal): void {
  if (found.url === null) {
    terminal.out(`nothing runs in ${found.data}`);
    terminal.note('  Start it with "mainstay up".');
    return;
  }
  const rows = found.parts.map((part) => [
    part.name,
    part.up ? styled(terminal, 'green', 'up') : styled(terminal, 'red', 'down'),
    part.pid === null ? '-' : String(part.pid),
    String(part.restarts),
    part.detail,
  ]);
  printRows(terminal, ['part', 'state', 'pid', 'restarts', 'where'], rows);
  terminal.out(`open runs: ${found.openRuns ?? 'unknown'}, open tasks: ${found.openTasks ?? 'unknown'}`);
  if (found.channels.length > 0) terminal.out(`people are reached by: ${found.channels.join(', ')}`);
  terminal.note(`data in ${found.data}, up since ${found.startedAt ?? 'unknown'} (process ${found.pid ?? 'unknown'})`);
}
