/**
 * mainstay upgrade [--data DIR] [--json]
 *
 *   mainstay upgrade        moves a stopped data directory to the Temporal server of this Mainstay; refused while runs or changes are open
 */
import type { Command } from 'commander';

import { readConfig } from '../../platform/config';
import { findDataDirectory } from '../../platform/data-directory';
import type { Upgrade } from '../../platform/upgrade';
import { examples, withEngine } from './cli';
import type { Cli } from './cli';
import { printJson } from './terminal';
import type { Terminal } from './terminal';

interface UpgradeOptions {
  readonly data?: string;
  readonly json?: boolean;
}

export function registerUpgrade(program: Command, cli: Cli): void {
  withEngine(
    program
      .command('upgrade')
      .description('move a stopped data directory to the Temporal server of this version')
      .addHelpText('after', examples('mainstay upgrade', 'mainstay upgrade --data ./data --json')),
  ).action((options: UpgradeOptions) => upgrade(options, cli));
}

async function upgrade(options: UpgradeOptions, cli: Cli): Promise<void> {
  const config = readConfig();
  const dataDirectory = await findDataDirectory(config, options.data);
  const progress = (line: string): void => cli.terminal.note(line);
  // Loaded here, not above: the Temporal client and the store come with it, and every other command would wait for them.
  const { upgradeDataDirectory } = await import('../../platform/upgrade.js');
  const done = await upgradeDataDirectory({ config, dataDirectory, progress });
  if (options.json === true) printJson(cli.terminal, done);
  else printUpgrade(done, cli.terminal);
}

function printUpgrade(done: Upgrade, terminal: Terminal): void {
  if (!done.upgraded) {
    terminal.out(`${done.data} has Temporal server ${done.to} already`);
    return;
  }
  terminal.out(`${done.data} moved from Temporal server ${done.from} to ${done.to}`);
  terminal.note('  Runs, journals, definitions and output are in the store: they are as they were.');
  if (done.leftBehind === null) return;
  terminal.note(`  Temporal cannot convert its own file, so the new server begins with an empty one. What the earlier`);
  terminal.note(
    `  one kept of ended runs stays in ${done.leftBehind}; Mainstay does not read it. Delete it when you like.`,
  );
}
