import { createHash } from 'node:crypto';

import { Context } from '@temporalio/activity';

import type { Seal } from '../platform/seal';
import type { Secrets } from '../platform/secrets';
import type { Store } from '../platform/store/store';
import { canonicalJson } from '../workflows/domain/canonical-json';
import type { AnyJournalEntry } from '../workflows/domain/journal';
import type { CancelReply, CancelRequest, OperationReply, OperationRequest } from '../workflows/domain/operation';
import type { Lookups } from '../workflows/effects';
import type { OperationInput } from '../workflows/backup/messages';
import type { DeliveryAttemptInput, DeliveryReply } from '../workflows/webhook/messages';
import type { RunIdentity } from '../workflows/runbook/messages';
import type { Catalogue, ConnectorImplementation } from './connector';
import { changeConflicts, freeItems } from './changes/conflicts';
import { draftReview } from './changes/review-draft';
import { backupManifest, backupSets, drillHistory, openOperation, operationsEnded } from './lookups/backups';
import { calendarDue } from './lookups/calendar';
import { electorate } from './lookups/electorate';
import { eligibility } from './lookups/eligibility';
import { aggregate, hostIndices, hostLocks, hostNames } from './lookups/hosts';
import { lastWords } from './lookups/last-words';
import { appendJournal, childState, loadState, openChild, saveState } from './lookups/runs';
import type { ChildRequest, ChildState, JournalBatch, JournalHeadReply } from './lookups/runs';
import { acquireSeats, releaseSeats } from './lookups/seats';
import { backupPlan } from './plans/backup-plan';
import { backupSlots } from './plans/backup-slots';
import { PublishedCalendars } from './plans/calendars';
import { readItemSurroundings } from './plans/item-surroundings';
import { loadProgram, planChange, removedHosts } from './plans/plan-change';
import { planProvider } from './plans/plan-provider';
import { PublishedShelf } from './plans/published-shelf';
import { retentionPlan } from './plans/retention-plan';
import { cancelJobs } from './runtime/cancel';
import type { RuntimeDependencies } from './runtime/dependencies';
import { perform } from './runtime/perform';
import { Plans } from './runtime/plans';
import { reportProgress } from './runtime/progress';
import { deliver } from './webhook/deliver';

export interface ActivityOptions {
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly connectors: { readonly [name: string]: ConnectorImplementation };
  readonly secrets: Secrets;
  readonly seal: Seal;
  /** May what is told to others go to private addresses? Absent: it may. */
  readonly privateAddresses?: 'allow' | 'refuse';
}

type LookupActivities = { [Q in keyof Lookups]: (asked: Lookups[Q]['asked']) => Promise<Lookups[Q]['answer']> };

/** What the binding of the interpreter calls besides look-ups. */
export interface EngineActivities {
  'journal.append'(batch: JournalBatch): Promise<JournalHeadReply>;
  'child.open'(request: ChildRequest): Promise<ChildState>;
  /** Enters a backup operation in the journal before it is started. */
  'operation.open'(input: OperationInput): Promise<null>;
  'child.state'(parent: RunIdentity, childId: string): Promise<ChildState | null>;
  cancelJobs(request: CancelRequest): Promise<CancelReply>;
  /** One attempt to tell a receiver of an entry. */
  'webhook.deliver'(asked: DeliveryAttemptInput): Promise<DeliveryReply>;
}

/** With it come entries that are to be in the journal before anything that cannot be repeated begins. */
export type OperationActivity = (
  request: OperationRequest,
  carried?: readonly AnyJournalEntry[],
) => Promise<OperationReply>;

/** Of many shapes; the binding of the interpreter knows which is which. */
export interface ActivityTable {
  readonly [type: string]: (...asked: never[]) => Promise<unknown>;
}

/** Every activity of a worker by its type: one for each operation of the catalogue, the look-ups, the journal. */
export function createActivities(options: ActivityOptions): ActivityTable {
  const { store } = options;
  const deps = { ...options, plans: new Plans(store) };
  return { ...operationActivities(deps), ...lookupActivities(deps), ...engineActivities(deps, options) };
}

function operationActivities(deps: RuntimeDependencies): Record<string, OperationActivity> {
  const activities: Record<string, OperationActivity> = {};
  const run: OperationActivity = (request, carried = []) => {
    const context = Context.current();
    const { cancellationSignal: signal, info } = context;
    return perform(deps, request, {
      signal,
      number: info.attempt,
      carried,
      report: (progress) => reportProgress(context, progress),
    });
  };
  for (const [connector, manifest] of Object.entries(deps.catalogue)) {
    for (const operation of Object.keys(manifest.operations)) activities[`${connector}.${operation}`] = run;
  }
  // Steps without an operation that have values of a host to look at.
  activities['core.assert'] = run;
  activities['core.set'] = run;
  return activities;
}

function lookupActivities(deps: RuntimeDependencies): LookupActivities {
  const { store, plans } = deps;
  const shelf = new PublishedShelf(store);
  const calendars = new PublishedCalendars(shelf);
  const conflictSources = {
    store,
    surroundings: () => readItemSurroundings(shelf),
    calendars: (asked: Lookups['calendars']['asked']) => calendars.resolve(asked),
  };
  return {
    eligibility: (asked) => eligibility(store, asked, Date.now()),
    electorate: (asked) => electorate(store, asked),
    aggregate: (asked) => aggregate({ store, plans }, asked),
    hostNames: (asked) => hostNames(plans, asked),
    hostLocks: (asked) => hostLocks(plans, asked),
    hostIndices: (asked) => hostIndices(plans, asked),
    calendarDue: (asked) => Promise.resolve(calendarDue(asked)),
    calendars: (asked) => calendars.resolve(asked),
    digest: ({ value }) => Promise.resolve({ digest: createHash('sha256').update(canonicalJson(value)).digest('hex') }),
    acquireLocks: (asked) => store.locks.acquire({ ...asked, at: Date.now() }),
    releaseLocks: async ({ runId, path, names }) => ({
      released: await store.locks.release({ runId, path, names, at: Date.now(), by: 'engine' }),
      due: await store.locks.due(),
    }),
    acquireSeats: (asked) => acquireSeats({ store, plans }, asked),
    releaseSeats: (asked) => releaseSeats({ store, plans }, asked),
    planChange: (asked) => planChange({ store, shelf }, asked),
    removedHosts: (asked) => removedHosts({ store, shelf }, asked),
    loadProgram: (asked) => loadProgram(store, asked),
    changeConflicts: (asked) => changeConflicts(conflictSources, asked),
    freeItems: (asked) => freeItems(store, asked),
    draftReview: (asked) => draftReview(store, asked),
    backupPlan: (asked) => backupPlan(shelf, asked),
    backupSlots: (asked) => backupSlots(shelf, asked),
    planProvider: (asked) => planProvider({ store, shelf }, asked),
    retentionPlan: (asked) => retentionPlan({ store, shelf }, asked),
    backupSets: (asked) => backupSets(store, asked),
    lastWords: (asked) => lastWords(store, asked),
    backupManifest: (asked) => backupManifest(store, asked),
    operationsEnded: (asked) => operationsEnded(store, asked),
    drillHistory: (asked) => drillHistory(store, asked),
    saveState: (asked) => saveState(store, asked),
    loadState: (asked) => loadState(store, asked),
  };
}

function engineActivities(
  deps: RuntimeDependencies,
  { secrets, privateAddresses = 'allow' }: ActivityOptions,
): EngineActivities {
  const { store } = deps;
  const place = { store, secrets, privateAddresses, now: Date.now };
  return {
    'journal.append': (batch) => appendJournal(store, batch),
    'child.open': (request) => openChild(store, request),
    'operation.open': (input) => openOperation(store, input),
    'child.state': (parent, childId) => childState(store, parent, childId),
    cancelJobs(request) {
      const { cancellationSignal: signal, info } = Context.current();
      return cancelJobs(deps, request, { signal, number: info.attempt });
    },
    'webhook.deliver': (asked) => deliver(place, asked, Context.current().cancellationSignal),
  };
}
