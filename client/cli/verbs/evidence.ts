// mainstay evidence RUN [-o FILE]
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Command } from 'commander';

import { apiPath } from '../../typed/path';
import type { Cli } from '../cli';
import { examples, withEngine } from '../cli';
import { saveWhole } from '../save-whole';
import { printJson } from '../terminal';
import type { ExportOptions } from './audit/export';

export function registerEvidence(program: Command, cli: Cli): void {
  withEngine(
    program
      .command('evidence')
      .description('write the evidence of a run, a change or a backup operation as one signed file')
      .addHelpText(
        'after',
        examples(
          'mainstay evidence 12 -o run-12.evidence.jsonl',
          'mainstay-verify run-12.evidence.jsonl --key installation.pem',
        ),
      ),
  )
    .argument('<run>', 'number or id of a run, a change (CHG-12), or id of a backup operation')
    .option('-o, --output <file>', 'file to write (else standard output)')
    .action((reference: string, options: ExportOptions) => writeEvidence(cli, reference, options));
}

async function writeEvidence(cli: Cli, reference: string, options: ExportOptions): Promise<void> {
  const { output } = options;
  if (output === undefined) return printEvidence(cli, reference, options);
  const sizeBytes = await fetchEvidence(cli, { reference, file: output }, options);
  if (options.json === true) printJson(cli.terminal, { file: output, sizeBytes });
  else cli.terminal.note(`Wrote ${output}`);
}

/** By a file: what was printed once cannot be taken back where the line breaks. */
async function printEvidence(cli: Cli, reference: string, options: ExportOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-evidence-'));
  try {
    const file = join(folder, 'evidence.jsonl');
    await fetchEvidence(cli, { reference, file }, options);
    for await (const piece of createReadStream(file)) cli.terminal.outBytes(Buffer.from(piece));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const megabyte = 1024 * 1024;
const toldEvery = 16 * megabyte;

async function fetchEvidence(
  cli: Cli,
  { reference, file }: { readonly reference: string; readonly file: string },
  options: ExportOptions,
): Promise<number> {
  const api = await cli.connect(options);
  let told = 0;
  function progress(sizeBytes: number): void {
    if (sizeBytes < told + toldEvery) return;
    told = sizeBytes;
    cli.terminal.note(`  ${Math.floor(sizeBytes / megabyte)} MB so far`);
  }
  return api.receive(apiPath`/runs/${reference}/evidence`, (body) => {
    told = 0;
    return saveWhole(file, body, progress);
  });
}
