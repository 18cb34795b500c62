// mainstay backup plan|run|list|verify|explain|forget|hold|release|restore|drill|score|calendar|forecast|show|cancel|pause|resume
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { registerBackupCalendar } from './calendar';
import { registerBackupCancel } from './cancel';
import { registerBackupDrill } from './drill';
import { registerBackupExplain } from './explain';
import { registerBackupForecast } from './forecast';
import { registerBackupForget } from './forget';
import { registerBackupHold } from './hold';
import { registerBackupList } from './list';
import { registerBackupPlan } from './plan';
import { registerBackupRelease } from './release';
import { registerBackupRestore } from './restore';
import { registerBackupRun } from './run';
import { registerBackupScore } from './score';
import { registerBackupShow } from './show';
import { registerBackupSteering } from './steer';
import { registerBackupVerify } from './verify';

export function registerBackup(program: Command, cli: Cli): void {
  const backup = program.command('backup').description('backups that are verified, and restore drills that prove them');
  registerBackupPlan(backup, cli);
  registerBackupRun(backup, cli);
  registerBackupList(backup, cli);
  registerBackupVerify(backup, cli);
  registerBackupExplain(backup, cli);
  registerBackupForget(backup, cli);
  registerBackupHold(backup, cli);
  registerBackupRelease(backup, cli);
  registerBackupRestore(backup, cli);
  registerBackupDrill(backup, cli);
  registerBackupScore(backup, cli);
  registerBackupCalendar(backup, cli);
  registerBackupForecast(backup, cli);
  registerBackupShow(backup, cli);
  registerBackupCancel(backup, cli);
  registerBackupSteering(backup, cli);
}
