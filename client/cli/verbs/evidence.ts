// mainstay evidence RUN [-o FILE]
import type { Command } from 'commander';

import type { Cli } from '../cli';
import { examples, withEngine } from '../cli';
import { writeExport } from './audit/export';
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
    .action((reference: string, options: ExportOptions) => writeExport(cli, { reference, kind: 'evidence' }, options));
}
