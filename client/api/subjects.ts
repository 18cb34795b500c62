import type { Action, Scope } from '../../workflows/domain/authorization';
import { isKeeperId, isOperationId } from '../../workflows/domain/backup-ids';
import { isChangeId } from '../../workflows/domain/change-ids';
import { uniteScopes } from '../../workflows/domain/scope';
import type { Store } from '../../platform/store/store';
import type { Access } from '../access';
import type { ChangeDraft } from '../../workflows/change/schema';
import { unknownOperation, unknownPlan } from '../backup-act';
import { unknownChange } from '../change-open';
import { readActionOf } from '../definition-actions';
import { unknownRun } from '../journaled';
import { tasksNamed, unknownTask } from '../tasks-named';
import type { Subject } from './authorize';
import type { ApiContext } from './context';
import { RequestError } from './errors';

interface ByReference {
  readonly params: { readonly ref: string };
}

interface ByPlan {
  readonly params: { readonly plan: string };
}

export async function aboutRun({ params: { ref } }: ByReference, { store }: ApiContext): Promise<Subject | null> {
  const missing = (): RequestError => unknownRun(ref);
  return subject(await store.views.findRun(ref), 'run.read', missing);
}

export async function aboutChange({ params: { ref } }: ByReference, { store }: ApiContext): Promise<Subject | null> {
  const missing = (): RequestError => unknownChange(ref);
  return subject(await store.changes.find(ref), 'change.read', missing);
}

/** Of one that waits for its turn nobody knows yet whose it is: it is for those whose grants leave nothing out. */
export async function aboutOperation({ params: { ref } }: ByReference, { store }: ApiContext): Promise<Subject> {
  const row = await store.backups.findOperation(ref);
  return { scope: row?.scope ?? {}, seenBy: 'backup.read', missing: () => unknownOperation(ref) };
}

/** A run, a change, a backup operation, or the keeper of a plan. */
export async function aboutJournaled(call: ByReference, context: ApiContext): Promise<Subject | null> {
  const { ref } = call.params;
  if (/^CHG-/i.test(ref) || isChangeId(ref)) return aboutChange(call, context);
  if (isOperationId(ref)) return aboutOperation(call, context);
  const keeper = isKeeperId(ref) ? (await context.store.backups.plans()).find(({ id }) => id === ref) : undefined;
  if (keeper !== undefined) return subject(keeper, 'backup.read', () => unknownRun(ref));
  return aboutRun(call, context);
}

/** A task has the scope of what it belongs to. */
export async function aboutTask(
  { params: { id } }: { readonly params: { readonly id: string } },
  context: ApiContext,
): Promise<Subject | null> {
  const [task, ...others] = await tasksNamed(context.store, id);
  const owner =
    task === undefined || others.length > 0 ? null : await aboutJournaled({ params: { ref: task.runId } }, context);
  return { scope: owner?.scope ?? {}, seenBy: 'task.read', missing: () => unknownTask(id) };
}

/** Of what belongs to runs, changes or backups, that which the caller may do this to. */
export async function allowedOf<T extends { readonly runId: string }>(
  rows: readonly T[],
  { access, action }: { readonly access: Access; readonly action: Action },
  { store }: ApiContext,
): Promise<readonly T[]> {
  if (access.mayEverywhere(action)) return rows;
  const allowed = new Map<string, boolean>();
  for (const { runId } of rows) {
    if (allowed.has(runId)) continue;
    const owner = await store.scopes.of(runId);
    allowed.set(runId, access.may(action, owner?.scope ?? {}));
  }
  return rows.filter(({ runId }) => allowed.get(runId));
}

/** Of what belongs to backup plans, likewise. */
export async function allowedOfPlans<T extends { readonly plan: string }>(
  rows: readonly T[],
  access: Access,
  { store }: ApiContext,
): Promise<readonly T[]> {
  if (access.mayEverywhere('backup.read')) return rows;
  const allowed = new Map<string, boolean>();
  for (const { plan } of rows) {
    if (allowed.has(plan)) continue;
    const row = await findBackupPlan(store, plan);
    allowed.set(plan, access.may('backup.read', row?.scope ?? {}));
  }
  return rows.filter(({ plan }) => allowed.get(plan));
}

/** Also one that its keeper has not taken up yet. */
export async function aboutBackupPlan({ params: { plan } }: ByPlan, { store }: ApiContext): Promise<Subject | null> {
  return subject(await findBackupPlan(store, plan), 'backup.read', () => unknownPlan(plan));
}

async function findBackupPlan(store: Store, name: string): Promise<Scoped | null> {
  return (await store.backups.plan(name)) ?? (await store.definitions.get('BackupPlan', name));
}

/** Some kinds are read by fewer people than most: who has which access is not for everybody who reads runbooks. */
export async function aboutDefinition(
  { params: { kind, name } }: { readonly params: { readonly kind: string; readonly name: string } },
  { store }: ApiContext,
): Promise<Subject | null> {
  const missing = (): RequestError =>
    new RequestError('DEFINITION_NOT_FOUND', `Cannot find ${kind} "${name}": not published`);
  return subject(await store.definitions.get(kind, name), readActionOf(kind), missing);
}

/** The runbook, and the inventory that it is to work on, also where nobody names it. What somebody says of their own run does not count. */
export async function aboutPublished(
  { definition, inventory }: { readonly definition: string; readonly inventory?: string },
  { registry }: ApiContext,
): Promise<Subject> {
  const scope = (await registry.scopeOf({ definition, ...(inventory === undefined ? {} : { inventory }) })) ?? {};
  const missing = (): RequestError =>
    new RequestError('DEFINITION_NOT_FOUND', `Cannot find Runbook "${definition}": not published`);
  return { scope, seenBy: 'definition.read', missing };
}

/**
 * A draft is of what it would carry out, and of all that its change will be of besides: other services, and what its model is for.
 * What its author chooses or says adds values, and no label that the plan lacks: nobody labels themself in.
 */
export async function aboutDraft(
  { body: { draft } }: { readonly body: { readonly draft: ChangeDraft } },
  context: ApiContext,
): Promise<Subject> {
  const { labels: _own, ...unlabelled } = draft;
  const { runbook, inventory } = draft;
  const plan = await aboutPublished(
    { definition: runbook, ...(inventory === undefined ? {} : { inventory }) },
    context,
  );
  const whole = uniteScopes(plan.scope, await context.changes.scopeOf(unlabelled));
  const scope = Object.fromEntries(Object.entries(whole).filter(([label]) => Object.hasOwn(plan.scope, label)));
  return { ...plan, scope, seenAs: plan.scope };
}

/** Whoever may write the change may still not make it one of something else. */
export async function aboutEdit(
  call: ByReference,
  { draft, access }: { readonly draft: ChangeDraft; readonly access: Access },
  context: ApiContext,
): Promise<Subject | null> {
  const change = await aboutChange(call, context);
  if (change === null || !access.may('change.write', change.scope)) return change;
  return aboutDraft({ body: { draft } }, context);
}

function subject(row: Scoped | null, seenBy: Action, missing: Subject['missing']): Subject | null {
  return row === null ? null : { scope: row.scope, seenBy, missing };
}

interface Scoped {
  readonly scope: Scope;
}
