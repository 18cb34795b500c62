import { randomUUID } from 'node:crypto';

import type { BackupOperationRow } from '../platform/store/backup-row';
import type { Store } from '../platform/store/store';
import { backupMessageNames } from '../workflows/backup/messages';
import type { BackupAct, BackupAction, BackupReply } from '../workflows/backup/messages';
import { isOperationId } from '../workflows/domain/backup-ids';
import type { JournalEntry } from '../workflows/domain/journal';
import { streamOf } from '../workflows/domain/streams';
import { RequestError } from './api/errors';
import type { BackupActed, BackupCommand, BackupDependencies, CancelOperation } from './backup-engine';
import { keeperIdOf, keeperInput } from './backup-keepers';
import { backupRefusals } from './backup-refusals';
import type { PublishedPlan } from './backup-sources';
import { sendPastJournal } from './journal-ahead';
import type { Delivery } from './run-gateway';

/** Asks the keeper of a plan for something and waits for what it says. A refusal is thrown, with a hint. */
export async function actOnBackups(
  dependencies: BackupDependencies,
  plan: string,
  command: BackupCommand,
): Promise<BackupActed> {
  const { actor, via, id = randomUUID() } = command;
  const action = await withWholeSet(dependencies.store, plan, command.action);
  const act: BackupAct = { id, actor, via, ...action };
  const delivery = await sendToKeeper(dependencies, plan, act);
  switch (delivery.kind) {
    case 'answered': {
      const { result } = delivery;
      if (!result.accepted) throw refusal(result);
      return { plan, operation: result.operation, warnings: result.warnings };
    }
    case 'rejected':
      throw refusal(delivery);
    case 'closed':
      throw new RequestError(
        'ENGINE_UNAVAILABLE',
        `Cannot ${action.action} of plan "${plan}": its keeper is not there`,
      );
  }
}

/** People give the beginning of an id. A set of another plan is none of this one. */
async function withWholeSet(store: Store, plan: string, action: BackupAction): Promise<BackupAction> {
  if (!('set' in action) || action.set === null) return action;
  const row = await store.backups.findSet(action.set);
  if (row !== null && row.plan === plan) return { ...action, set: row.id };
  const found = row === null ? 'no such set, or more than one' : `it belongs to the plan "${row.plan}"`;
  throw new RequestError('BACKUP_SET_NOT_FOUND', `Cannot ${action.action} "${action.set}" of "${plan}": ${found}`);
}

/** A keeper that is not there, though its plan is published, is started: it has just been published, or lost. */
async function sendToKeeper(
  dependencies: BackupDependencies,
  plan: string,
  act: BackupAct,
): Promise<Delivery<BackupReply>> {
  const { gateway, sources } = dependencies;
  const message = { runId: keeperIdOf(plan), name: backupMessageNames.act, payload: act, id: act.id };
  const send = (): Promise<Delivery<BackupReply>> =>
    sendPastJournal<BackupReply>(gateway, message, async (code) => allows(await sources.read(plan), act, code));
  const delivery = await send();
  if (delivery.kind !== 'closed') return delivery;
  if ((await sources.read(plan)) === null) throw unknownPlan(plan);
  await gateway.startKeeper(await keeperInput(dependencies, plan));
  return send();
}

/** Does the plan as it was published just now say that the refusal is out of date. */
function allows(published: PublishedPlan | null, act: BackupAct, code: string): boolean {
  if (published === null || 'problems' in published) return false;
  const { backups, drill, prunes } = published.inForce;
  switch (code) {
    case 'PLAN_NOT_PUBLISHED':
      return true;
    case 'BACKUP_UNKNOWN':
      return act.action === 'run' && backups.some(({ id }) => id === act.backup);
    case 'DRILL_NOT_PLANNED':
      return drill !== null;
    case 'RETENTION_EMPTY':
      return prunes;
    default:
      return false;
  }
}

export function unknownPlan(plan: string): RequestError {
  return new RequestError('BACKUP_PLAN_NOT_FOUND', `Cannot find backup plan "${plan}": not published`);
}

function refusal({ code, reason }: { readonly code: string; readonly reason: string }): RequestError {
  const hint = backupRefusals[code];
  return new RequestError('BACKUP_REFUSED', reason, { detail: { code, ...(hint === undefined ? {} : { hint }) } });
}

/**
 * What waits for its turn is known to its keeper only, and nobody else can tell which one that is. Those that do not have it say so and
 * write nothing. False: no keeper has it; it may have begun just now.
 */
async function callOffWaiting(
  { store, gateway }: BackupDependencies,
  operation: string,
  { actor, via, reason, id }: CancelOperation & { readonly id: string },
): Promise<boolean> {
  if (!isOperationId(operation)) return false;
  const act: BackupAct = { id, actor, via, action: 'cancel', operation, reason };
  const keepers = (await store.backups.plans()).map((plan) => plan.id);
  for (let from = 0; from < keepers.length; from += askedAtOnce) {
    const deliveries = await Promise.all(
      keepers.slice(from, from + askedAtOnce).map((runId) => {
        const message = { runId, name: backupMessageNames.act, payload: act, id };
        return sendPastJournal<BackupReply>(gateway, message, async () => false);
      }),
    );
    if (deliveries.some((delivery) => delivery.kind === 'answered' && delivery.result.accepted)) return true;
  }
  return false;
}

const askedAtOnce = 20;

export async function callOffOperation(
  dependencies: BackupDependencies,
  reference: string,
  request: CancelOperation,
): Promise<BackupOperationRow> {
  const { store, gateway, now } = dependencies;
  const { actor, via, reason, id = randomUUID() } = request;
  if (
    (await store.backups.findOperation(reference)) === null &&
    (await callOffWaiting(dependencies, reference, { ...request, id }))
  )
    return requireOperation(store, reference);
  const row = await requireOperation(store, reference);
  if (row.endedAt !== null) throw over(row);
  const entry: JournalEntry<'backup.act'> = {
    key: `act/${id}`,
    kind: 'backup.act',
    at: now(),
    actor,
    via,
    payload: { action: 'cancel', accepted: true, reason, detail: {} },
  };
  await store.journal.append(streamOf(row.id), [entry]);
  const told = await gateway.callOff(row.id, `called off by ${actor}${reason === '' ? '' : `: ${reason}`}`);
  if (told === 'told') return row;
  const ended = await requireOperation(store, row.id);
  if (ended.endedAt !== null) throw over(ended);
  throw new RequestError('ENGINE_UNAVAILABLE', `Cannot cancel operation "${row.id}": it has not begun`);
}

function over({ id, kind, outcome }: BackupOperationRow): RequestError {
  const reason = `Cannot cancel ${kind} "${id}": it is over (${outcome ?? 'ended'})`;
  return refusal({ code: 'OPERATION_OVER', reason });
}

export async function requireOperation(store: Store, reference: string): Promise<BackupOperationRow> {
  const row = await store.backups.findOperation(reference);
  if (row !== null) return row;
  throw unknownOperation(reference);
}

export function unknownOperation(reference: string): RequestError {
  return new RequestError(
    'BACKUP_OPERATION_NOT_FOUND',
    `Cannot find operation "${reference}": no such operation, or more than one`,
  );
}
