import { ApplicationFailure } from '@temporalio/activity';

import { hostsOfStoredPlan } from '../../platform/store/planned-hosts';
import type { Store } from '../../platform/store/store';
import { hasCode } from '../../platform/system-error';
import type { Scope } from '../../workflows/domain/authorization';
import { isChangeId } from '../../workflows/domain/change-ids';
import { uniteScopes } from '../../workflows/domain/scope';
import type { AnyJournalEntry } from '../../workflows/domain/journal';
import type { Json } from '../../workflows/domain/json';
import { canonicalJson } from '../../workflows/domain/canonical-json';
import type { Lookups } from '../../workflows/effects';
import type { ChildOutcome, RunIdentity } from '../../workflows/runbook/messages';
import type { DefinitionReference } from '../../workflows/runbook/plan';
import { publishedAs } from '../plans/plan-scope';
import { appendOrFind } from '../runtime/journal-writer';
import type { JsonObject } from '../../workflows/domain/json';
import { streamOf } from '../../workflows/domain/streams';

export interface JournalBatch {
  readonly runId: string;
  readonly entries: readonly AnyJournalEntry[];
}

export interface JournalHeadReply {
  readonly count: number;
  readonly hash: string;
}

/**
 * A workflow task that was lost is worked through again, and what it had recorded comes again with the times of the second pass: the
 * fact that was written first stands (D4: the observer's own facts are no part of it).
 */
export async function appendJournal(store: Store, { runId, entries }: JournalBatch): Promise<JournalHeadReply> {
  const stream = streamOf(runId);
  try {
    const { head } = await store.journal.append(stream, entries);
    return head;
  } catch (error) {
    if (!hasCode(error, 'JOURNAL_CONFLICT')) throw error;
    for (const entry of entries) await appendOrFind(store.journal, stream, entry);
    return store.journal.head(stream);
  }
}

export async function saveState(
  store: Store,
  { state }: Lookups['saveState']['asked'],
): Promise<Lookups['saveState']['answer']> {
  return { digest: await store.blobs.putTemporary(Buffer.from(canonicalJson(state), 'utf8')) };
}

export async function loadState(
  store: Store,
  { digest }: Lookups['loadState']['asked'],
): Promise<Lookups['loadState']['answer']> {
  const bytes = await store.blobs.get(digest);
  if (bytes === null) {
    throw ApplicationFailure.nonRetryable(
      `Cannot load the state ${digest}: the store does not hold it`,
      'STATE_MISSING',
    );
  }
  const state: Json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  return { state };
}

export interface ChildRequest {
  readonly parent: RunIdentity;
  readonly childId: string;
  readonly definition: DefinitionReference;
  readonly planHash: string;
  readonly planDigest: string;
  readonly inputs: JsonObject;
  readonly at: number;
}

export interface ChildState {
  readonly run: RunIdentity;
  /** Null while it goes on, and before it has been started. */
  readonly ended: ChildOutcome | null;
  readonly stateDigest: string | null;
}

/** Enters a child run in the journal, once; asked again, it tells what has become of it. */
export async function openChild(store: Store, request: ChildRequest): Promise<ChildState> {
  const { parent, childId, definition, planHash, planDigest, inputs, at } = request;
  const known = await childState(store, parent, childId);
  if (known !== null) return known;
  const number = await store.nextRunNumber();
  const { requester, installation } = parent;
  const payload = {
    number,
    definition,
    planHash,
    planDigest,
    requester,
    inputs,
    parent: parent.id,
    labels: {},
    scope: await childScope(store, parent, definition),
    ...(await hostsOf(store, request)),
  };
  const key = `run/run.created`;
  const entry = { key, kind: 'run.created', at, actor: requester, via: 'engine', payload } as const;
  await store.journal.append(streamOf(childId), [entry]);
  const run = { installation, id: childId, number, requester, createdAt: at, parent: parent.id };
  return { run, ended: null, stateDigest: null };
}

/** Of a part of a run whoever looks for a host finds the whole. */
async function hostsOf({ blobs }: Store, { parent, planDigest }: ChildRequest): Promise<{ hosts?: readonly string[] }> {
  if (!isChangeId(parent.id)) return {};
  const hosts = await hostsOfStoredPlan((digest) => blobs.get(digest), planDigest);
  return hosts.length === 0 ? {} : { hosts };
}

/** What it is part of, and what its own runbook says. */
async function childScope(store: Store, parent: RunIdentity, definition: DefinitionReference): Promise<Scope> {
  const inherited = await store.scopes.of(parent.id);
  return uniteScopes(inherited?.scope ?? {}, await publishedAs(store, definition));
}

/** Null: the store does not know it. */
export async function childState(store: Store, parent: RunIdentity, childId: string): Promise<ChildState | null> {
  const row = await store.views.run(childId);
  if (row === null) return null;
  const { outcome, degraded, outputs, error, number, requester, createdAt, stateDigest } = row;
  const run = { installation: parent.installation, id: childId, number, requester, createdAt, parent: parent.id };
  const ended =
    row.state !== 'closed' || outcome === null ? null : { childId, outcome, degraded, outputs, error, stateDigest };
  return { run, ended, stateDigest };
}
