// mainstay apply PATH…
import { readFileSync } from 'node:fs';

import type { Command } from 'commander';
import { z } from 'zod';

import { readBeside } from '../../../definitions/compile/files';
import { definitionFiles } from '../../../definitions/library';
import { AppliedDefinition } from '../../api/schema';
import { checkPaths } from '../../authoring/check';
import type { Checked } from '../../authoring/check';
import { neededFiles } from '../../authoring/needed-files';
import type { DefinitionSource } from '../../registry';
import { refuseForProblems } from '../authoring';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../cli';
import { examples, withPerson } from '../cli';
import { printJson, printRows } from '../terminal';

type Options = ConnectionOptions & OutputOptions & PersonOptions;

export function registerApply(program: Command, cli: Cli): void {
  withPerson(
    program
      .command('apply')
      .description('publish definitions: a published version is immutable')
      .addHelpText('after', examples('mainstay apply runbooks/ teams.yaml')),
  )
    .argument('<paths...>', 'files or folders')
    .action((paths: readonly string[], options: Options) => apply(cli, paths, options));
}

async function apply(cli: Cli, paths: readonly string[], options: Options): Promise<void> {
  const checked = checkPaths(paths);
  // What the files leave open may be published already: the engine decides.
  const problems = checked.problems.filter(({ code }) => code !== 'UNKNOWN_REFERENCE');
  if (problems.length > 0) refuseForProblems(cli.terminal, problems, options.json === true);
  const api = await cli.connect(options);
  const body = { actor: cli.person(options.as), sources: sourcesOf(paths, checked) };
  const answer = z.object({ definitions: z.array(AppliedDefinition) });
  const { definitions } = await api.post('/definitions', { body }, answer);
  if (options.json === true) return printJson(cli.terminal, definitions);
  const rows = definitions.map(({ kind, name, version, result }) => [kind, name, version, result]);
  printRows(cli.terminal, ['KIND', 'NAME', 'VERSION', 'RESULT'], rows);
}

function sourcesOf(paths: readonly string[], { documents }: Checked): readonly DefinitionSource[] {
  const files = [...new Set(paths.flatMap(definitionFiles))];
  return files.map((name) => {
    const beside = documents.filter(({ file }) => file === name).flatMap(neededFiles);
    return {
      name,
      text: readFileSync(name, 'utf8'),
      files: Object.fromEntries(beside.flatMap((needed) => encodedFile(name, needed))),
    };
  });
}

/** A file that cannot be read is left out, and the engine says which definition lacks it. */
function encodedFile(document: string, name: string): readonly (readonly [string, string])[] {
  const read = readBeside(document, name);
  return read.ok ? [[name, Buffer.from(read.value).toString('base64')]] : [];
}
