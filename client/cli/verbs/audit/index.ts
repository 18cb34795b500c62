// mainstay audit verify RUN|FILE|--all [--key PUBLIC.pem]
// mainstay audit export RUN [-o FILE]
// mainstay audit checkpoint
// mainstay audit redact RUN SEQ --reason TEXT
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { examples, withEngine, withPerson, wholeNumber } from '../../cli';
import { makeCheckpoint } from './checkpoint';
import type { CheckpointOptions } from './checkpoint';
import { exportJournal } from './export';
import type { ExportOptions } from './export';
import { redact } from './redact';
import type { RedactOptions } from './redact';
import { verify } from './verify';
import type { VerifyOptions } from './verify';

const reference = 'number or id of a run, a change (CHG-12), or id of a backup operation';

export function registerAudit(program: Command, cli: Cli): void {
  const audit = program
    .command('audit')
    .description('the journal of a run, a change or a backup operation, as evidence')
    .addHelpText('after', examples('mainstay audit export 12 -o run-12.jsonl && mainstay audit verify run-12.jsonl'));
  withEngine(
    audit.command('verify').description('check every entry, its order and the signature; a file needs no engine'),
  )
    .argument('[run-or-file]', `${reference}, or a file that "audit export" or "evidence" wrote`)
    .option('--all', 'every journal that there is, against the newest checkpoint')
    .option('--key <file>', 'public key (PEM) that the signature must be by')
    .addHelpText('after', examples('mainstay audit verify run-12.evidence.jsonl', 'mainstay audit verify --all'))
    .action((what: string | undefined, options: VerifyOptions) => verify(cli, what, options));
  withEngine(audit.command('export').description('write the journal of a run, a change or a backup operation, signed'))
    .argument('<run>', reference)
    .option('-o, --output <file>', 'file to write (else standard output)')
    .action((run: string, options: ExportOptions) => exportJournal(cli, run, options));
  withEngine(audit.command('checkpoint').description('sign how all journals stand, now and not only every hour'))
    .addHelpText('after', examples('mainstay audit checkpoint --json'))
    .action((options: CheckpointOptions) => makeCheckpoint(cli, options));
  withPerson(
    audit.command('redact').description('take personal data out of a journal that is over; its hashes still verify'),
  )
    .argument('<run>', reference)
    .argument('<seq>', 'number of the entry whose content goes', wholeNumber)
    .requiredOption('--reason <text>', 'why; it is journaled with your name')
    .addHelpText('after', examples('mainstay audit redact 12 31 --reason "request 4711 of the person"'))
    .action((run: string, seq: number, options: RedactOptions) => redact(cli, { reference: run, seq }, options));
}
