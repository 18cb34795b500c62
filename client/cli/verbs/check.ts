// mainstay check PATH…
import type { Command } from 'commander';

import { checkPaths } from '../../authoring/check';
import { printProblems } from '../authoring';
import type { Cli, OutputOptions } from '../cli';
import { examples, withJson } from '../cli';
import { Unsuccessful } from '../failure';
import { printJson } from '../terminal';
import { countText } from '../wording';

interface Options extends OutputOptions {
  readonly library?: string;
}

export function registerCheck(program: Command, cli: Cli): void {
  withJson(
    program
      .command('check')
      .description('check documents: every problem of every file at once')
      .addHelpText('after', examples('mainstay check runbooks/ inventory.yaml')),
  )
    .argument('<paths...>', 'files or folders')
    .option('--library <dir>', 'folder of runbooks that references are looked up in')
    .action((paths: readonly string[], options: Options) => check(cli, paths, options));
}

function check(cli: Cli, paths: readonly string[], options: Options): void {
  const { documents, sound, problems } = checkPaths(paths, options);
  if (options.json === true) printJson(cli.terminal, { documents: documents.length, problems });
  else printProblems(cli.terminal, problems);
  cli.terminal.note(`${countText(sound, 'document')} without a problem, ${countText(problems.length, 'problem')}`);
  if (problems.length > 0) throw new Unsuccessful('problems');
}
