import type { Command } from 'commander';

import { openSlots } from '../../../../definitions/calendar/slots';
import { parseDuration } from '../../../../workflows/domain/duration';
import type { Cli } from '../../cli';
import { examples, withEngine, wholeNumber } from '../../cli';
import { Misuse } from '../../failure';
import { printJson, printRows } from '../../terminal';
import { countText } from '../../wording';
import type { SourceOptions } from './source';
import { viewOf } from './source';
import { localText, utcText } from './times';

interface Options extends SourceOptions {
  readonly length: string;
  readonly count?: number;
}

export function registerCalendarNext(calendar: Command, cli: Cli): void {
  withEngine(
    calendar
      .command('next')
      .description('the next open time that is long enough, in all named calendars at once')
      .addHelpText('after', examples('mainstay calendar next eu-freezes maintenance.yaml --length PT2H --count 3')),
  )
    .argument('<names-or-files...>', 'published calendars or files')
    .requiredOption('--length <duration>', 'how much time is needed, such as PT2H or 90m')
    .option('--count <n>', 'how many (else 5)', wholeNumber)
    .option('--from <time>', 'a date or a local time (else now)')
    .option('--until <time>', 'a date or a local time (else a year later)')
    .option('--zone <zone>', 'zone of the times (else that of the first calendar)')
    .action((names: readonly string[], options: Options) => next(cli, names, options));
}

async function next(cli: Cli, names: readonly string[], options: Options): Promise<void> {
  const length = parseDuration(options.length);
  if (length.kind !== 'ms' || length.ms === 0)
    throw new Misuse(`Cannot use the length "${options.length}": expected a duration such as PT2H, 2h or 90m`);
  const views = await Promise.all(names.map((name) => viewOf(cli, name, { options, days: 366 })));
  const calendars = views.map((view) => view.calendar);
  const zone = views[0]?.zone ?? 'UTC';
  const fromMs = Math.max(...calendars.map(({ horizon }) => horizon.startMs));
  const untilMs = Math.min(...calendars.map(({ horizon }) => horizon.endMs));
  const { count = 5 } = options;
  const slots = openSlots(calendars, { fromMs, lengthMs: length.ms, count });
  if (options.json === true) return printJson(cli.terminal, { zone, slots, lookedUntilMs: untilMs });
  const rows = slots.map(({ startMs, latestStartMs, openUntilMs, cutoffAtMs }) => [
    localText(startMs, zone),
    utcText(startMs),
    localText(latestStartMs, zone),
    localText(openUntilMs, zone),
    cutoffAtMs === null ? '' : localText(cutoffAtMs, zone),
  ]);
  printRows(cli.terminal, ['START', 'START (UTC)', 'LATEST START', 'OPEN UNTIL', 'CUTOFF'], rows);
  if (slots.length < count)
    cli.terminal.note(
      `${countText(slots.length, 'slot')} until ${localText(untilMs, zone)}; look further with --until`,
    );
}
