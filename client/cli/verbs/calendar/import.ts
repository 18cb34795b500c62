import { readFileSync } from 'node:fs';

import type { Command } from 'commander';
import { Option } from 'commander';
import { z } from 'zod';

import type { ReadableCalendar } from '../../../../definitions/calendar/read';
import { formatLocalTime } from '../../../../definitions/calendar/wall-time';
import { AppliedDefinition } from '../../../api/schema';
import { importCalendar } from '../../../authoring/calendar-import';
import { refuseForProblems } from '../../authoring';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../../cli';
import { examples, withPerson } from '../../cli';
import { Misuse } from '../../failure';
import type { Terminal } from '../../terminal';
import { printJson, printRows } from '../../terminal';
import { countText } from '../../wording';

interface Options extends ConnectionOptions, OutputOptions, PersonOptions {
  readonly name: string;
  readonly type: 'DEFAULT_OPEN' | 'DEFAULT_CLOSED';
  readonly force?: 'soft' | 'hard';
  readonly zone?: string;
  readonly dryRun?: boolean;
}

export function registerCalendarImport(calendar: Command, cli: Cli): void {
  withPerson(
    calendar
      .command('import')
      .description('make a calendar of an iCalendar file and publish it')
      .addHelpText('after', examples('mainstay calendar import holidays.ics --name de-holidays --dry-run')),
  )
    .argument('<file>', 'iCalendar file (.ics)')
    .requiredOption('--name <name>', 'name of the calendar')
    .addOption(
      new Option('--type <type>', 'DEFAULT_OPEN: its events close it; DEFAULT_CLOSED: they open it')
        .choices(['DEFAULT_OPEN', 'DEFAULT_CLOSED'])
        .default('DEFAULT_OPEN'),
    )
    .addOption(
      new Option('--force <force>', 'what its events do to runs under way (else soft)').choices(['soft', 'hard']),
    )
    .option('--zone <zone>', 'zone of whole days and of times without one (else that of the file, else UTC)')
    .option('--dry-run', 'print the document instead of publishing it')
    .action((file: string, options: Options) => importFile(cli, file, options));
}

async function importFile(cli: Cli, file: string, options: Options): Promise<void> {
  const { name, type, force, zone, json } = options;
  if (type === 'DEFAULT_CLOSED' && force !== undefined)
    throw new Misuse('Cannot use --force: the events of a DEFAULT_CLOSED calendar open it, and freeze nothing');
  const imported = importCalendar(file, readText(file), { name, type, force, zone });
  if (!imported.ok) refuseForProblems(cli.terminal, imported.problems, json === true);
  const { calendar, text } = imported;
  if (options.dryRun === true) {
    if (json === true) return printJson(cli.terminal, { document: text, ...understood(calendar) });
    tell(cli.terminal, calendar);
    return cli.terminal.out(text.trimEnd());
  }
  tell(cli.terminal, calendar);
  const api = await cli.connect(options);
  const body = { actor: cli.person(options.as), sources: [{ name: `${name}.yaml`, text }] };
  const answer = z.object({ definitions: z.array(AppliedDefinition) });
  const { definitions } = await api.post('/definitions', { body }, answer);
  if (json === true) return printJson(cli.terminal, { definitions, ...understood(calendar) });
  const rows = definitions.map((applied) => [applied.kind, applied.name, applied.version, applied.result]);
  printRows(cli.terminal, ['KIND', 'NAME', 'VERSION', 'RESULT'], rows);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Misuse(`Cannot read "${file}": ${error instanceof Error ? error.message : String(error)}`);
  }
}

function understood({ zone, events, notes }: ReadableCalendar): object {
  const told = events.map((event) => ({
    id: event.id,
    title: event.title,
    start: formatLocalTime(event.start),
    zone: event.zone.name,
    recurs: event.rules.length > 0 || event.also.length > 0,
  }));
  return { zone: zone.name, events: told, notes };
}

/** What was understood, and what was not. */
function tell(terminal: Terminal, { zone, events, notes }: ReadableCalendar): void {
  const recurring = events.filter(({ rules, also }) => rules.length > 0 || also.length > 0).length;
  terminal.note(`${countText(events.length, 'event')} understood, ${recurring} of them recurring; zone ${zone.name}`);
  for (const note of notes) terminal.note(`note: ${note}`);
}
