import type { Store } from '../../platform/store/store';
import type { ApprovalEvent } from '../../workflows/domain/approval-event';
import type { JournalEntry } from '../../workflows/domain/journal';
import type { Json, JsonObject } from '../../workflows/domain/json';
import type { Lookups } from '../../workflows/effects';
import { wavesOf } from './review-waves';
import { streamOf } from '../../workflows/domain/streams';

/** What a review is made of; everything else in the two journals is left unread. */
export const reviewedKinds = [
  'change.planned',
  'change.scheduled',
  'change.state',
  'change.flagged',
  'change.duty',
  'change.steered',
  'approval.event',
  'wave.started',
  'wave.ended',
  'gate.verdict',
  'run.started',
  'run.ended',
] as const;

type ReviewedKind = (typeof reviewedKinds)[number];
export type ReviewedEntry = { [K in ReviewedKind]: JournalEntry<K> }[ReviewedKind];

/** An answer becomes a part of a workflow's history (D5): what there is too much of is cut, and counted. */
const mostRows = 100;

/** Planned against actual, as the journal of the change and of its run tell it: nothing is asked of anybody's memory. */
export async function draftReview(
  store: Pick<Store, 'changes' | 'journal' | 'views'>,
  { changeId, runId }: Lookups['draftReview']['asked'],
): Promise<Lookups['draftReview']['answer']> {
  const [row, ofChange, ofRun, run] = await Promise.all([
    store.changes.get(changeId),
    readEntries(store, changeId),
    readEntries(store, runId),
    runId === null ? null : store.views.run(runId),
  ]);
  const exceptions = run?.exceptions ?? [];
  const draft: JsonObject = {
    change: row === null ? changeId : `CHG-${row.number}`,
    title: row?.title ?? '',
    time: timeOf({ changes: ofChange, run: ofRun }),
    flags: ofChange.filter((entry) => entry.kind === 'change.flagged').map(({ payload }) => ({ ...payload })),
    run: run === null ? null : { number: run.number, outcome: run.outcome, degraded: run.degraded },
    waves: rowsOf(wavesOf(ofChange, ofRun)),
    gates: rowsOf(
      ofRun.filter((entry) => entry.kind === 'gate.verdict').map(({ at, payload }) => ({ at: iso(at), ...payload })),
    ),
    approvals: rowsOf(ofChange.flatMap(approvalRow)),
    decisions: rowsOf(ofChange.flatMap(decisionRow)),
    exceptions: [...exceptions],
  };
  return { draft, exceptions };
}

/** Null: there is no such stream. */
async function readEntries(store: Pick<Store, 'journal'>, id: string | null): Promise<readonly ReviewedEntry[]> {
  if (id === null) return [];
  const stored = await store.journal.read(streamOf(id), { kinds: reviewedKinds });
  return stored.flatMap(({ key, kind, at, actor, via, payload }) => {
    if (!isReviewed(kind) || payload === null) return [];
    const entry: ReviewedEntry = { key, kind, at, actor, via, payload: JSON.parse(payload) };
    return [entry];
  });
}

function isReviewed(kind: string): kind is ReviewedKind {
  return reviewedKinds.some((known) => known === kind);
}

interface Journals {
  readonly changes: readonly ReviewedEntry[];
  readonly run: readonly ReviewedEntry[];
}

function timeOf({ changes, run }: Journals): JsonObject {
  const scheduled = changes.findLast((entry) => entry.kind === 'change.scheduled')?.payload ?? null;
  const startedAt = run.find((entry) => entry.kind === 'run.started')?.at ?? null;
  const endedAt = run.findLast((entry) => entry.kind === 'run.ended')?.at ?? null;
  return {
    planned: scheduled === null ? null : { start: iso(scheduled.startMs), end: iso(scheduled.endMs) },
    actual: { start: isoOrNull(startedAt), end: isoOrNull(endedAt) },
    lateMs: scheduled === null || startedAt === null ? null : Math.max(0, startedAt - scheduled.startMs),
    overrunMs: scheduled === null || endedAt === null ? null : Math.max(0, endedAt - scheduled.endMs),
  };
}

/** Who said what, when, on which hash; what of it counted no more. */
function approvalRow({ kind, at, payload }: ReviewedEntry): readonly JsonObject[] {
  return kind === 'approval.event' ? eventRow(iso(at), payload.event) : [];
}

function eventRow(at: string, event: ApprovalEvent): readonly JsonObject[] {
  switch (event.kind) {
    case 'approval.vote-cast': {
      const { person, actor, via, choice, comment, hash } = event;
      return [{ at, what: 'vote', person, actor, via, choice, comment, hash }];
    }
    case 'approval.vote-voided':
      return [{ at, what: 'void', person: event.person, reason: event.reason }];
    case 'approval.vote-revoked':
      return [{ at, what: 'revoked', person: event.person, actor: event.actor, comment: event.comment }];
    case 'approval.vote-annotated':
      return [{ at, what: 'left', person: event.person }];
    case 'approval.level-closed':
      return [{ at, what: 'level', level: event.level, by: [...event.by] }];
    case 'approval.approved':
      return [{ at, what: 'approved', by: [...event.by], validUntil: isoOrNull(event.validUntil) }];
    case 'approval.rejected':
      return [{ at, what: 'rejected', by: [...event.by] }];
    case 'approval.regularised':
      return [{ at, what: 'regularised', late: event.late }];
    case 'approval.opened':
    case 'approval.changed':
    case 'approval.edited':
    case 'approval.level-opened':
    case 'approval.person-left':
    case 'approval.unreachable':
    case 'approval.reachable':
    case 'approval.reminded':
    case 'approval.approver-added':
    case 'approval.timed-out':
    case 'approval.lapsed':
    case 'approval.withdrawn':
    case 'approval.started':
    case 'approval.expired-while-running':
    case 'approval.extended':
    case 'approval.unregularised':
      return [];
  }
}

/** What the engine and the duty manager decided while it ran. */
function decisionRow(entry: ReviewedEntry): readonly JsonObject[] {
  const { at, actor } = entry;
  if (entry.kind === 'change.duty') return [{ at: iso(at), by: actor, ...entry.payload }];
  if (entry.kind === 'change.steered') return [{ at: iso(at), by: actor, ...entry.payload }];
  return [];
}

function rowsOf(rows: readonly JsonObject[]): Json {
  return rows.length <= mostRows ? [...rows] : [...rows.slice(0, mostRows), { more: rows.length - mostRows }];
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function isoOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : iso(epochMs);
}
