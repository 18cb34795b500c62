// mainstay version
//   mainstay version --json
import type { Command } from 'commander';

import { packageVersion } from '../../../platform/package-root';
import type { Cli, OutputOptions } from '../cli';
import { withJson } from '../cli';
import { printJson } from '../terminal';

export function registerVersion(program: Command, cli: Cli): void {
  withJson(program.command('version').description('print the version')).action((options: OutputOptions) => {
    const version = packageVersion();
    if (options.json === true) printJson(cli.terminal, { version, node: process.version });
    else cli.terminal.out(version);
  });
}
