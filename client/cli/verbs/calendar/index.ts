// mainstay calendar list|show|next|import
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { registerCalendarImport } from './import';
import { registerCalendarList } from './list';
import { registerCalendarNext } from './next';
import { registerCalendarShow } from './show';

export function registerCalendar(program: Command, cli: Cli): void {
  const calendar = program
    .command('calendar')
    .description('when changes may be made: freezes, hours, maintenance windows');
  registerCalendarList(calendar, cli);
  registerCalendarShow(calendar, cli);
  registerCalendarNext(calendar, cli);
  registerCalendarImport(calendar, cli);
}
