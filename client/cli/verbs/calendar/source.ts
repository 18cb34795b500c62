import { existsSync } from 'node:fs';

import { readFileBeside } from '../../../../activities/plans/published';
import { readCalendar } from '../../../../definitions/calendar/read';
import { CalendarView } from '../../../api/calendar-schema';
import { checkPaths } from '../../../authoring/check';
import { calendarView } from '../../../calendar-view';
import type { AskedStretch } from '../../../calendar-view';
import { apiPath } from '../../../typed/path';
import { refuseForProblems } from '../../authoring';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { Misuse } from '../../failure';

export type SourceOptions = ConnectionOptions & OutputOptions & AskedStretch;

/** The calendar of a file (`FILE#NAME` where it holds several), which needs no engine, or a published one. */
export async function viewOf(
  cli: Cli,
  what: string,
  asked: { readonly options: SourceOptions; readonly days: number },
): Promise<CalendarView> {
  const { options, days } = asked;
  const { from, until, zone } = options;
  const [file = '', wanted] = what.split('#');
  if (/\.ya?ml$/.test(file) || existsSync(file)) return viewOfFile(cli, { file, wanted }, asked);
  const api = await cli.connect(options);
  return api.get(apiPath`/calendars/${what}`, { from, until, zone, days }, CalendarView);
}

function viewOfFile(
  cli: Cli,
  { file, wanted }: { readonly file: string; readonly wanted: string | undefined },
  { options, days }: { readonly options: SourceOptions; readonly days: number },
): CalendarView {
  const checked = checkPaths([file]);
  if (checked.problems.length > 0) refuseForProblems(cli.terminal, checked.problems, options.json === true);
  const calendars = checked.documents.filter((document) => document.kind === 'Calendar');
  const chosen = calendars.filter(({ metadata }) => wanted === undefined || metadata.name === wanted);
  const [document] = chosen;
  if (document === undefined || chosen.length > 1) {
    const names = calendars.map(({ metadata }) => metadata.name);
    const state =
      names.length === 0 ? 'it holds no calendar' : `it holds ${names.join(', ')}; write ${file}#${names[0] ?? ''}`;
    throw new Misuse(`Cannot show "${file}": ${state}`);
  }
  const reading = readCalendar(document, (from, name) => readFileBeside(new Map(), from, name));
  // Everything that is wrong with it has been told by the check above.
  if (!reading.ok) throw new Misuse(`Cannot show "${file}": ${reading.problems[0]?.message ?? ''}`);
  return calendarView(reading.calendar, options, days);
}
