// mainstay audit verify RUN|FILE [--key PUBLIC.pem]
// mainstay audit export RUN [-o FILE]
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

import type { Command } from 'commander';
import { z } from 'zod';

import { verifyExport } from '../../../platform/store/export';
import type { ExportProblem, ExportVerdict } from '../../../platform/store/export';
import { apiPath } from '../api-client';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, withEngine } from '../cli';
import { Unsuccessful } from '../failure';
import { printJson, styled } from '../terminal';
import { countText, instantText } from '../wording';

interface VerifyOptions extends ConnectionOptions, OutputOptions {
  readonly key?: string;
}

interface ExportOptions extends ConnectionOptions, OutputOptions {
  readonly output?: string;
}

export function registerAudit(program: Command, cli: Cli): void {
  const audit = program
    .command('audit')
    .description('the journal of a run, a change or a backup operation, as evidence')
    .addHelpText('after', examples('mainstay audit export 12 -o run-12.jsonl && mainstay audit verify run-12.jsonl'));
  withEngine(
    audit.command('verify').description('check every entry, its order and the signature; a file needs no engine'),
  )
    .argument(
      '<run-or-file>',
      'number or id of a run, a change (CHG-12), id of a backup operation, or a file that "audit export" wrote',
    )
    .option('--key <file>', 'public key (PEM) that the signature must be by')
    .action((what: string, options: VerifyOptions) => verify(cli, what, options));
  withEngine(audit.command('export').description('write the journal of a run, a change or a backup operation, signed'))
    .argument('<run>', 'number or id of a run, a change (CHG-12), or id of a backup operation')
    .option('-o, --output <file>', 'file to write (else standard output)')
    .action((reference: string, options: ExportOptions) => exportJournal(cli, reference, options));
}

async function verify(cli: Cli, what: string, options: VerifyOptions): Promise<void> {
  const text = existsSync(what) ? await readFile(what, 'utf8') : (await fetchExport(cli, what, options)).text;
  const trusted = options.key === undefined ? undefined : await readFile(options.key, 'utf8');
  const verdict = trusted === undefined ? verifyExport(text) : verifyExport(text, trusted);
  if (options.json === true) printJson(cli.terminal, verdict);
  else printVerdict(cli, verdict);
  if (!verdict.ok) throw new Unsuccessful('audit failed');
}

function printVerdict(cli: Cli, verdict: ExportVerdict): void {
  const { terminal } = cli;
  if (!verdict.ok) {
    terminal.out(styled(terminal, 'red', `audit failed: ${countText(verdict.problems.length, 'problem')}`));
    for (const problem of verdict.problems) terminal.out(`  ${placeOf(problem)} ${problem.kind}: ${problem.message}`);
    return;
  }
  const { stream, count, head, exportedAt } = verdict;
  terminal.out(`${styled(terminal, 'green', 'audit verified')}: ${stream}, ${count} entries, head ${head}`);
  terminal.note(`  exported ${instantText(exportedAt)}, signed by installation ${verdict.installation}`);
}

function placeOf(problem: ExportProblem): string {
  return 'seq' in problem ? `entry ${problem.seq}` : `line ${problem.line}`;
}

async function exportJournal(cli: Cli, reference: string, options: ExportOptions): Promise<void> {
  const { name, text } = await fetchExport(cli, reference, options);
  if (options.output === undefined) return cli.terminal.outBytes(Buffer.from(text));
  await writeFile(options.output, text);
  if (options.json === true) printJson(cli.terminal, { name, file: options.output });
  else cli.terminal.note(`Wrote ${options.output}`);
}

const Exported = z.object({ name: z.string(), text: z.string() });

async function fetchExport(cli: Cli, reference: string, options: ConnectionOptions): Promise<z.infer<typeof Exported>> {
  const api = await cli.connect(options);
  return api.get(apiPath`/runs/${reference}/export`, {}, Exported);
}
