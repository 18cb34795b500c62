// mainstay fmt PATH… [--check]
import { readFile, writeFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { formatText } from '../../authoring/format';
import { definitionFiles } from '../../../definitions/library';
import { refuseForProblems } from '../authoring';
import type { Cli, OutputOptions } from '../cli';
import { examples, withJson } from '../cli';
import { Unsuccessful } from '../failure';
import { printJson } from '../terminal';
import { countText } from '../wording';

interface Options extends OutputOptions {
  readonly check?: boolean;
}

export function registerFmt(program: Command, cli: Cli): void {
  withJson(
    program
      .command('fmt')
      .description('write documents in the one layout: indent 2, comments kept')
      .addHelpText('after', examples('mainstay fmt runbooks/')),
  )
    .argument('<paths...>', 'files or folders')
    .option('--check', 'change nothing; exit 1 if a file would change')
    .action((paths: readonly string[], options: Options) => formatFiles(cli, paths, options));
}

async function formatFiles(cli: Cli, paths: readonly string[], options: Options): Promise<void> {
  const changed: string[] = [];
  for (const file of paths.flatMap(definitionFiles)) {
    const text = await readFile(file, 'utf8');
    const formatted = formatText(file, text);
    if (!formatted.ok) refuseForProblems(cli.terminal, formatted.problems, options.json === true);
    if (formatted.text === text) continue;
    changed.push(file);
    if (options.check !== true) await writeFile(file, formatted.text);
  }
  if (options.json === true) printJson(cli.terminal, { changed });
  else for (const file of changed) cli.terminal.out(file);
  cli.terminal.note(`${countText(changed.length, 'file')} ${options.check === true ? 'would change' : 'changed'}`);
  if (options.check === true && changed.length > 0) throw new Unsuccessful('not formatted');
}
