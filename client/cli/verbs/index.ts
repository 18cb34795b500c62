import type { Command } from 'commander';

import type { Cli } from '../cli';
import { registerDoctor } from '../doctor';
import { registerStatus } from '../status';
import { registerUp } from '../up';
import { registerUpgrade } from '../upgrade';
import { registerApply } from './apply';
import { registerCalendar } from './calendar/index';
import { registerChange } from './change/index';
import { registerCheck } from './check';
import { registerDiff } from './diff';
import { registerEvidence } from './evidence';
import { registerExplain } from './explain';
import { registerFmt } from './fmt';
import { registerHook } from './hook';
import { registerInventory } from './inventory';
import { registerRun } from './run';
import { registerSchema } from './schema';
import { registerApprove } from './approve';
import { registerAudit } from './audit/index';
import { registerBackup } from './backup/index';
import { registerCancel } from './cancel';
import { registerDecide } from './decide';
import { registerDelegate } from './delegate';
import { registerLocks } from './locks';
import { registerLogs } from './logs';
import { registerMe } from './me';
import { registerNotices } from './notices';
import { registerPause } from './pause';
import { registerPerson } from './person';
import { registerPlan } from './plan';
import { registerRehearse } from './rehearse';
import { registerReject } from './reject';
import { registerResume } from './resume';
import { registerRuns } from './runs';
import { registerShow } from './show';
import { registerSignal } from './signal';
import { registerSignIn } from './sign-in';
import { registerTasks } from './tasks';
import { registerToken } from './token';
import { registerUndo } from './undo';
import { registerVersion } from './version';

/** Every verb, in the order of the help text. */
export const verbs: readonly ((program: Command, cli: Cli) => void)[] = [
  registerUp,
  registerCheck,
  registerSchema,
  registerApply,
  registerPlan,
  registerRehearse,
  registerRun,
  registerStatus,
  registerDoctor,
  registerUpgrade,
  registerRuns,
  registerShow,
  registerLogs,
  registerTasks,
  registerApprove,
  registerReject,
  registerDecide,
  registerDelegate,
  registerCancel,
  registerPause,
  registerResume,
  registerUndo,
  registerSignal,
  registerLocks,
  registerNotices,
  registerHook,
  registerAudit,
  registerEvidence,
  registerMe,
  registerSignIn,
  registerToken,
  registerPerson,
  registerChange,
  registerBackup,
  registerCalendar,
  registerInventory,
  registerDiff,
  registerExplain,
  registerFmt,
  registerVersion,
];
