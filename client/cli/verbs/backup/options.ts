import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

import { instantOf } from '../change/window';

/** `--wait`, on every verb that starts an operation. */
export function withWait(command: Command): Command {
  return command.option(
    '--wait',
    'show progress until it has ended; exit code 1 unless it succeeds; Ctrl-C lets go of it',
  );
}

/** `--at` with the zone that it is read in. */
export function withTarget(command: Command, otherwise: 'latest' | 'set'): Command {
  return command
    .option(
      '--at <time>',
      'time to recover to, "latest" (as late as can be), or "set" (as the set is, without what came after it)',
      otherwise,
    )
    .option('--zone <zone>', 'zone of --at, such as Europe/Berlin');
}

/** As the API takes it. */
export function targetOf(at: string, zone: string | undefined): string {
  return at === 'latest' || at === 'set' ? at : instantOf(at, zone);
}

/** For seeds: zero is one, too. */
export function seedNumber(value: string): number {
  if (/^[0-9]{1,15}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('Expected a whole number.');
}
