import type { Scope } from '../../../workflows/domain/authorization';
import { canonicalJson } from '../../../workflows/domain/canonical-json';
import type { JournalPayloads } from '../../../workflows/domain/journal';
import { scopeOfLabels } from '../../../workflows/domain/scope';
import type { RunState } from '../../../workflows/domain/step-status';
import { keepBlob } from '../blobs';
import { saveRunWords } from '../run-search';
import type { Session } from '../database';
import { toJson } from '../json';
import { readDocument } from '../schema';
import { internScope } from '../scopes';
import type { RunRow } from '../store';
import type { FoldEntry } from './entry';

/**
 * One run, as far as its journal tells.
 *
 * - F1 Entries may arrive in another order than they happened: facts are ranked by what they say and by their own time.
 * - F2 A closed run is opened again only by `run.started {resumed: true}` that is not older than its end.
 */
export interface RunDocument {
  readonly created: (JournalPayloads['run.created'] & { readonly at: number }) | null;
  readonly state: RunState;
  readonly reason: string;
  readonly stateAt: number;
  readonly startedAt: number | null;
  readonly resumedAt: number | null;
  /** Where the last resumption stands in the journal: groups of a rollout that came before it are history. */
  readonly resumedSeq: number;
  readonly ended: (JournalPayloads['run.ended'] & { readonly at: number }) | null;
}

const unheardOf: RunDocument = {
  created: null,
  state: 'pending',
  reason: '',
  stateAt: 0,
  startedAt: null,
  resumedAt: null,
  resumedSeq: 0,
  ended: null,
};

export function foldRun(before: RunDocument | null, entry: FoldEntry): RunDocument | null {
  const run = before ?? unheardOf;
  switch (entry.kind) {
    case 'run.created': {
      // There may be a thousand; they are words of the search, and lists are read without them.
      const { hosts: _hosts, ...created } = entry.payload;
      return { ...run, created: { ...created, at: entry.at } };
    }
    case 'run.started':
      return entry.payload.resumed ? foldResumed(run, entry) : foldStarted(run, entry.at);
    case 'run.state':
      if (run.state === 'closed' || entry.payload.state === 'closed' || entry.at < run.stateAt) return run;
      return { ...run, state: entry.payload.state, reason: entry.payload.reason, stateAt: entry.at };
    case 'run.ended':
      return foldEnded(run, { ...entry.payload, at: entry.at });
    case 'step.started':
    case 'step.ended':
    case 'host.ended':
    case 'task.opened':
    case 'task.refused':
    case 'task.asked':
    case 'task.delegated':
    case 'approval.event':
    case 'vote.cast':
    case 'task.closed':
    case 'lock.requested':
    case 'lock.withdrawn':
    case 'lock.granted':
    case 'lock.released':
    case 'lock.orphaned':
    case 'definition.published':
    case 'preferences.set':
    case 'login.bound':
    case 'login.unbound':
      return before;
  }
}

function foldStarted(run: RunDocument, at: number): RunDocument {
  const startedAt = Math.min(run.startedAt ?? at, at);
  if (run.state !== 'pending' || at < run.stateAt) return { ...run, startedAt };
  return { ...run, startedAt, state: 'running', reason: '', stateAt: at };
}

function foldResumed(run: RunDocument, entry: { readonly at: number; readonly seq: number }): RunDocument {
  const resumedAt = Math.max(run.resumedAt ?? entry.at, entry.at);
  const resumed = { ...run, startedAt: run.startedAt ?? entry.at, resumedAt, resumedSeq: entry.seq };
  if (run.ended !== null && entry.at < run.ended.at) return resumed;
  if (run.state !== 'closed' && entry.at < run.stateAt) return resumed;
  return { ...resumed, state: 'running', reason: '', stateAt: entry.at };
}

function foldEnded(run: RunDocument, ended: NonNullable<RunDocument['ended']>): RunDocument {
  if (run.ended !== null && ended.at < run.ended.at) return run;
  const isOver = run.resumedAt === null || ended.at >= run.resumedAt;
  return isOver ? { ...run, ended, state: 'closed', reason: '', stateAt: ended.at } : { ...run, ended };
}

/** Null until `run.created` has arrived. What the last end said does not hold while the run goes on again. */
export function runRow(id: string, run: RunDocument): RunRow | null {
  if (run.created === null) return null;
  const { number, definition, planHash, planDigest, requester, inputs, parent, labels, at } = run.created;
  const { name, version, title, owner } = definition;
  const ended = run.state === 'closed' ? run.ended : null;
  return {
    id,
    number,
    definition: { name, version, title, owner },
    planHash,
    planDigest,
    requester,
    inputs,
    parent,
    labels,
    scope: scopeOfRun(run.created),
    state: run.state,
    reason: run.reason,
    outcome: ended?.outcome ?? null,
    degraded: ended?.degraded ?? false,
    createdAt: at,
    startedAt: run.startedAt,
    endedAt: ended?.at ?? null,
    outputs: ended?.outputs ?? {},
    error: ended?.error ?? null,
    undone: ended?.undone ?? [],
    exceptions: ended?.exceptions ?? [],
    stateDigest: ended?.stateDigest ?? null,
  };
}

export function scopeOfRun({ scope, labels }: JournalPayloads['run.created']): Scope {
  return scope ?? scopeOfLabels(labels);
}

export async function loadRun(session: Session, id: string): Promise<RunDocument | null> {
  const row = await session.query.selectFrom('runs').select('document').where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : readDocument<RunDocument>(row.document);
}

export async function applyToRun(session: Session, id: string, entries: readonly FoldEntry[]): Promise<void> {
  const relevant = entries.filter((entry) => entry.kind.startsWith('run.'));
  if (relevant.length === 0) return;
  let run = await loadRun(session, id);
  for (const entry of relevant) run = foldRun(run, entry);
  if (run === null) return;
  // Resume goes on from it, however much later (D14).
  await keepBlob(session, run.ended?.stateDigest ?? null);
  const { created } = run;
  // What it was created as is written once: all that a run says later leaves it as it is.
  const isNew = relevant.some(({ kind }) => kind === 'run.created');
  const row = {
    number: created?.number ?? null,
    state: run.state,
    definition: created?.definition.name ?? null,
    parent: created?.parent ?? null,
    requester: created?.requester ?? null,
    created_at: created?.at ?? null,
    outcome: run.state === 'closed' ? (run.ended?.outcome ?? null) : null,
    ended_at: run.state === 'closed' ? (run.ended?.at ?? null) : null,
    document: canonicalJson(toJson(run)),
    ...(isNew && created !== null ? { scope: await internScope(session, scopeOfRun(created)) } : {}),
  };
  await session.query
    .insertInto('runs')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
  const told = relevant.findLast((entry) => entry.kind === 'run.created');
  if (told !== undefined) await saveRunWords(session, told.payload);
}
