// mainstay backup forecast PATH… [--days 365] [--takes drill=45m] [--history]
import type { Command } from 'commander';

import { momentForms, momentIn } from '../../../../definitions/calendar/moment';
import { parseDuration } from '../../../../workflows/domain/duration';
import { elapsedText } from '../../../../workflows/domain/elapsed-text';
import type {
  DelayedSlot,
  Forecast,
  ForecastStretch,
  NamedSlot,
} from '../../../../workflows/rehearsal/backup-forecast';
import type { Peak } from '../../../../workflows/rehearsal/backup-load';
import { OperationList } from '../../../api/backup-schema';
import { durationsFrom, scheduledKinds } from '../../../authoring/backup-durations';
import type { Durations } from '../../../authoring/backup-durations';
import { forecastPaths } from '../../../authoring/backup-forecasts';
import { refuseForProblems } from '../../authoring';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { collectList, examples, withEngine } from '../../cli';
import { Misuse, Unsuccessful } from '../../failure';
import { printJson, printRows } from '../../terminal';
import { countText } from '../../wording';
import { clockOf } from '../../../../definitions/backup-slots';
import { utcText } from '../calendar/times';

interface Options extends ConnectionOptions, OutputOptions {
  readonly days: string;
  readonly from?: string;
  readonly takes?: readonly string[];
  readonly history?: boolean;
}

export function registerBackupForecast(backup: Command, cli: Cli): void {
  withEngine(
    backup
      .command('forecast')
      .description('what the schedules of backup plans come to: operations, load, delays, changes of clocks')
      .addHelpText('after', examples('mainstay backup forecast plans/ --days 365 --takes backup=20m,drill=1h')),
  )
    .argument('<paths...>', 'files or folders with documents of kind BackupPlan')
    .option('--days <days>', 'how far it looks', '365')
    .option('--from <time>', `where it begins, in UTC: ${momentForms} (else now)`)
    .option('--takes <kind=duration>', `how long a ${scheduledKinds.join(', ')} takes, in every plan`, collectList)
    .option('--history', 'ask the engine how long they took')
    .action((paths: readonly string[], options: Options) => forecast(cli, paths, options));
}

async function forecast(cli: Cli, paths: readonly string[], options: Options): Promise<void> {
  const stretch = stretchOf(options);
  const assumed = takesOf(options.takes ?? []);
  const past = options.history === true ? await pastOperations(cli, options) : [];
  const found = forecastPaths(paths, stretch, durationsFrom(past, assumed));
  if (!found.ok) refuseForProblems(cli.terminal, found.problems, options.json === true);
  if (options.json === true) printJson(cli.terminal, { ...stretch, ...found.forecast });
  else tell(cli, found.forecast, stretch);
  if (found.forecast.plans > 0) return;
  cli.terminal.note('No document of kind BackupPlan was found');
  throw new Unsuccessful('nothing to forecast');
}

const mostDays = 3_660;

function stretchOf({ days: text, from }: Options): ForecastStretch {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > mostDays) throw new Misuse(`Cannot look "${text}" days ahead: expected 1 to ${mostDays}`);
  const fromMs = from === undefined ? Math.floor(Date.now() / 60_000) * 60_000 : momentIn(from, clockOf({}).zone);
  if (fromMs === null) throw new Misuse(`Cannot begin at "${from ?? ''}": expected ${momentForms}`);
  return { fromMs, untilMs: fromMs + days * 24 * 3_600_000 };
}

function takesOf(given: readonly string[]): Partial<Durations> {
  const takes: { -readonly [K in keyof Durations]?: number } = {};
  for (const text of given) {
    const [name, span = ''] = text.split('=');
    const kind = scheduledKinds.find((known) => known === name);
    const parsed = parseDuration(span);
    if (kind === undefined || parsed.kind !== 'ms')
      throw new Misuse(`Cannot use --takes "${text}": expected ${scheduledKinds.join(', ')}, such as drill=45m`);
    takes[kind] = parsed.ms;
  }
  return takes;
}

async function pastOperations(cli: Cli, options: Options) {
  const api = await cli.connect(options);
  const query = { open: 'false', limit: '1000' };
  return (await api.get('/backup-operations', query, OperationList)).operations;
}

function tell({ terminal }: Cli, forecast: Forecast, { fromMs, untilMs }: ForecastStretch): void {
  const { plans, operations, peak, delayed, leftOut, clockChanges, overloaded } = forecast;
  terminal.note(
    `${countText(plans, 'plan')}, ${countText(operations, 'operation')}, ${utcText(fromMs)} to ${utcText(untilMs)}`,
  );
  const rows = forecast.months.map(({ month, started, busyMs }) => [
    month,
    String(started.backup),
    String(started.verify),
    String(started.drill),
    elapsedText(busyMs),
  ]);
  printRows(terminal, ['MONTH', 'BACKUPS', 'VERIFICATIONS', 'DRILLS', 'BUSY'], rows);
  terminal.note(`most at once: ${peakText(peak.operations)}; drills: ${peakText(peak.drills)}`);
  terminal.note(`${countText(delayed.count, 'slot')} delayed`);
  for (const slot of delayed.longest.slice(0, shown)) terminal.note(`  ${delayText(slot)}`);
  terminal.note(`${countText(leftOut.count, 'slot')} left out: the one before is still waiting`);
  for (const slot of leftOut.first.slice(0, shown)) terminal.note(`  ${slotText(slot)}`);
  terminal.note(`${countText(clockChanges.count, 'slot')} at a change of clocks`);
  for (const slot of clockChanges.first.slice(0, shown)) terminal.note(`  ${slotText(slot)}${changeText(slot)}`);
  for (const plan of overloaded) terminal.note(`overloaded: ${plan}: what it does takes longer than the time between`);
}

/** The whole is in the JSON. */
const shown = 5;

function peakText({ most, atMs }: Peak): string {
  return atMs === null ? '0' : `${most} at ${utcText(atMs)}`;
}

function slotText({ plan, run, atMs }: NamedSlot): string {
  return `${utcText(atMs)} ${plan} ${run}`;
}

function delayText(slot: DelayedSlot): string {
  return `${slotText(slot)}, by ${elapsedText(slot.delayMs)}`;
}

function changeText({ change }: NamedSlot): string {
  switch (change) {
    case 'none':
      return '';
    case 'skipped':
      return ': there is no such time on that day, so it is moved on';
    case 'repeated':
      return ': the time comes twice on that day, it is the first';
  }
}
