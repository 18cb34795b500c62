import type { Command } from 'commander';

import type { CalendarView } from '../../../api/calendar-schema';
import type { Cli } from '../../cli';
import { examples, withEngine } from '../../cli';
import type { Terminal } from '../../terminal';
import { printJson, printRows } from '../../terminal';
import { countText } from '../../wording';
import type { SourceOptions } from './source';
import { viewOf } from './source';
import { lengthText, localText, utcText } from './times';

export function registerCalendarShow(calendar: Command, cli: Cli): void {
  withEngine(
    calendar
      .command('show')
      .description('when a calendar is open or closed; with a file no engine is needed')
      .addHelpText('after', examples('mainstay calendar show eu-freezes --from 2026-12-01 --until 2027-02-01')),
  )
    .argument('<name-or-file>', 'a published calendar, or a file (FILE#NAME where it holds several)')
    .option('--from <time>', 'a date or a local time (else now)')
    .option('--until <time>', 'a date or a local time (else 31 days later)')
    .option('--zone <zone>', 'zone of the times (else that of the calendar)')
    .action((what: string, options: SourceOptions) => show(cli, what, options));
}

async function show(cli: Cli, what: string, options: SourceOptions): Promise<void> {
  const view = await viewOf(cli, what, { options, days: 31 });
  if (options.json === true) return printJson(cli.terminal, view);
  printView(cli.terminal, view);
}

function printView(terminal: Terminal, { zone, calendar, notes }: CalendarView): void {
  const { horizon } = calendar;
  const span = ({ startMs, endMs }: { readonly startMs: number; readonly endMs: number }): readonly string[] => [
    localText(startMs, zone),
    localText(endMs, zone),
    utcText(startMs),
    utcText(endMs),
    lengthText(startMs, endMs),
  ];
  const times = ['FROM', 'UNTIL', 'FROM (UTC)', 'UNTIL (UTC)', 'LENGTH'];
  if (calendar.type === 'DEFAULT_OPEN') {
    const rows = calendar.closures.map((closure) => [...span(closure), closure.force, closure.id, closure.title]);
    printRows(terminal, [...times, 'FORCE', 'ID', 'TITLE'], rows);
    terminal.note(
      `${calendar.name} is open but for ${countText(rows.length, 'closure')} (zone ${zone}, version ${calendar.version})`,
    );
  } else {
    const rows = calendar.openings.map((opening) => [...span(opening), cutoffText(calendar.windows ?? [], opening)]);
    printRows(terminal, [...times, 'CUTOFF'], rows);
    terminal.note(
      `${calendar.name} is closed but for ${countText(rows.length, 'opening')} (zone ${zone}, version ${calendar.version})`,
    );
  }
  terminal.note(`looked at from ${localText(horizon.startMs, zone)} until ${localText(horizon.endMs, zone)}`);
  for (const note of notes) terminal.note(`note: ${note}`);
}

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** Of the window that ends with the opening. */
function cutoffText(
  windows: readonly (Stretch & { readonly cutoffMs: number })[],
  { startMs, endMs }: Stretch,
): string {
  const last = windows.find((window) => window.endMs === endMs && window.startMs >= startMs);
  return last === undefined ? '' : lengthText(0, last.cutoffMs);
}
