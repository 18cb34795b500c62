import type { Command } from 'commander';

import { CalendarList } from '../../../api/calendar-schema';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { withEngine } from '../../cli';
import { everyPage } from '../../every-page';
import { printJson, printRows } from '../../terminal';

export function registerCalendarList(calendar: Command, cli: Cli): void {
  withEngine(calendar.command('list').description('published calendars')).action(
    async (options: ConnectionOptions & OutputOptions) => {
      const api = await cli.connect(options);
      const calendars = (await everyPage(api, { path: '/calendars' }, CalendarList)).flatMap((page) => page.calendars);
      if (options.json === true) return printJson(cli.terminal, calendars);
      const rows = calendars.map(({ name, version, type, zone, title }) => [name, version, type, zone, title]);
      printRows(cli.terminal, ['NAME', 'VERSION', 'TYPE', 'ZONE', 'TITLE'], rows);
    },
  );
}
