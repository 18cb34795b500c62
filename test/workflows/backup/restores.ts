import type { JsonObject } from '../../../workflows/domain/json';
import type { KnownSet, OperationWork, PlanInForce } from '../../../workflows/backup/messages';
import type { Ended } from '../../../workflows/backup/operation';
import { restore } from '../../../workflows/backup/restore';
import type { ScriptedAnswer } from '../../../workflows/rehearsal/schema';
import { Bed, knownSet, operationInput, planInForce, start } from './bed';
import { asserted, dayMs, interruptibly, result, restored, soundRoles } from './drills';
import type { Roles } from './drills';

export interface RestoreGiven {
  readonly roles?: Roles;
  readonly sets?: readonly KnownSet[];
  readonly manifests?: { readonly [set: string]: JsonObject };
  readonly plan?: Partial<PlanInForce>;
  readonly work?: Partial<Extract<OperationWork, { kind: 'restore' }>>;
  readonly answers?: readonly ScriptedAnswer[];
  readonly calledOffAfterMs?: number;
}

export interface Restored {
  readonly bed: Bed;
  readonly ended: Ended;
}

/** Both of them may approve; the requester is somebody else. */
export const approvals: readonly ScriptedAnswer[] = [
  { task: 'approve', by: 'user/anna', choose: 'approve' },
  { task: 'approve', by: 'user/omar', choose: 'approve' },
];

export const archived = restored({ earliestMs: start - 7 * dayMs, latestMs: start });

/** A log is archived up to now; what is restored differs from what is live; the swap goes well. */
export const restoreRoles: Roles = soundRoles({
  'restic/preflight': () => ({ outputs: { lagSeconds: 0 } }),
  'restic/restore': () => archived,
  'restic/assert': () => asserted([result('rows')]),
  'restic/compare': () => ({ outputs: { differences: [{ name: 'orders', live: 2, restored: 9 }] } }),
  'restic/swap': () => ({ outputs: { original: '/srv/shop.original' } }),
  'restic/settle': () => ({ outputs: { removed: true } }),
});

export async function playRestore(given: RestoreGiven = {}): Promise<Restored> {
  const { roles, sets = [knownSet()], manifests = { bset1: {} }, plan, work, answers, calledOffAfterMs } = given;
  const bed = new Bed({ roles: { ...restoreRoles, ...roles }, sets, manifests, answers: answers ?? approvals });
  const wanted: OperationWork = {
    kind: 'restore',
    set: null,
    targetMs: -1,
    over: false,
    reason: 'orders are missing',
    ...work,
  };
  const people = { restore: ['user/anna', 'user/omar', 'user/rita'], holds: [] };
  const inForce = planInForce({ owner: 'user/anna', approvers: people, ...plan });
  if (calledOffAfterMs !== undefined) bed.callOffAt(start + calledOffAfterMs, 'not needed any more');
  const ended = await bed.play(operationInput(wanted, inForce), (here) => interruptibly(here, restore));
  return { bed, ended };
}

/** What was asked, by the part that asked it. */
export function asked({ bed }: Restored): readonly string[] {
  return bed.payloads('task.opened').map(({ path }) => path);
}
