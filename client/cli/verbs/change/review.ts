// mainstay change review CHANGE --outcome OUTCOME [--text TEXT] [--ticket EXCEPTION=TICKET]
import { Option } from 'commander';
import type { Command } from 'commander';

import type { ReviewResult } from '../../../../workflows/change/messages';
import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { Misuse } from '../../failure';
import { actAndTell } from './act';
import type { ActOptions } from './act';

interface Options extends ActOptions {
  readonly outcome: ReviewResult['outcome'];
  readonly text?: string;
  readonly ticket?: Readonly<Record<string, string>>;
}

const outcomes = [
  'successful',
  'successful-with-issues',
  'backed-out',
  'failed',
] as const satisfies readonly ReviewResult['outcome'][];

export function registerChangeReview(change: Command, cli: Cli): void {
  withPerson(
    change
      .command('review')
      .description('close a change by its review; each target that was not done needs a ticket')
      .addHelpText(
        'after',
        examples(
          "mainstay change review CHG-12 --outcome successful --text 'as planned'",
          'mainstay change review CHG-12 --outcome successful-with-issues --ticket deploy/host:web3=OPS-77',
        ),
      ),
  )
    .argument('<change>', 'CHG-12, 12, id, or the beginning of an id')
    .addOption(new Option('--outcome <outcome>', 'what came of it').choices(outcomes).makeOptionMandatory())
    .option('--text <text>', 'what is to be learnt from it')
    .option('--ticket <exception=ticket>', 'where an exception is seen to', collectTicket)
    .action((reference: string, options: Options) => {
      const { outcome, text = '', ticket: tickets = {} } = options;
      return actAndTell(cli, reference, { action: 'review', body: { outcome, text, tickets }, options });
    });
}

/** Names of exceptions may hold the sign themselves: the ticket is what comes after the last one. */
function collectTicket(value: string, previous: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const separator = value.lastIndexOf('=');
  if (separator <= 0) throw new Misuse(`Cannot read ticket "${value}": expected exception=ticket`);
  return { ...previous, [value.slice(0, separator)]: value.slice(separator + 1) };
}
