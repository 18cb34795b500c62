import { createHash } from 'node:crypto';

import { canonicalJson } from '../../workflows/domain/canonical-json';
import { codeOfStatus, replyOf } from '../../workflows/domain/host-row';
import type { AnyJournalEntry, HostRow } from '../../workflows/domain/journal';
import type { JsonObject } from '../../workflows/domain/json';
import type { OperationReply, OperationRequest } from '../../workflows/domain/operation';
import type { StatusCode } from '../../workflows/domain/step-status';
import { mayBeRepeated, prepareBatch } from './batch';
import type { Attempt, Batch, Target, Unit } from './batch';
import type { RuntimeDependencies } from './dependencies';
import { scopeOf } from './host-scope';
import { inPool } from './pool';
import { runUnit } from './unit';
import { rowOf } from './unit-outcome';

/** How far a batch is: what a heartbeat tells. */
export interface Progress {
  readonly statuses: string;
}

export interface PerformAttempt extends Attempt {
  /** What led to this call, to be written first. Written again by every attempt: equal entries are one. */
  readonly carried?: readonly AnyJournalEntry[];
  readonly report: (progress: Progress) => void;
}

/**
 * The one body of every operation's activity.
 *
 * - P1 A row that stands is the answer: an attempt goes on where the one before was lost.
 * - P2 One host's trouble is that host's row. Only trouble of the worker itself (store away, shutdown) is thrown.
 * - P3 Nothing is answered before its row is stored.
 * - P4 What led to the call stands in the journal before anything begins that cannot be repeated; else it goes there beside it.
 */
export async function perform(
  deps: RuntimeDependencies,
  request: OperationRequest,
  attempt: PerformAttempt,
): Promise<OperationReply> {
  const batch = await prepareBatch(deps, request, attempt);
  const { targets } = batch;
  const ahead = Promise.all((attempt.carried ?? []).map((entry) => batch.writer.write(entry, 'now')));
  ahead.catch(() => undefined);
  if (!mayBeRepeated(batch.call)) await ahead;
  const codes: StatusCode[] = targets.map(() => '.');
  let bad = 0;
  const limit = request.stopAfterFailures ?? Infinity;
  const goOn = (): boolean => bad < limit && !attempt.signal.aborted;
  const writing = await inPool(targets, { parallel: request.parallel, goOn }, async (target, position) => {
    codes[position] = 'r';
    const own = await runTarget(batch, target);
    const code = codeOfTarget(own.map(({ row }) => row));
    if (code === 'f' || code === 'u') bad += 1;
    codes[position] = code;
    attempt.report({ statuses: codes.join('') });
    return own;
  }).finally(() => batch.writer.hurry());
  await ahead;
  attempt.signal.throwIfAborted();
  const rows = await Promise.all(writing.map((own) => Promise.all((own ?? []).map(({ stored }) => stored))));
  return replyOf(rows, batch.call.keep, digestOf(rows));
}

/** A row on its way to the store: the next host need not wait for that. */
interface WritingRow {
  readonly row: HostRow;
  readonly stored: Promise<HostRow>;
}

async function runTarget(batch: Batch, target: Target): Promise<readonly WritingRow[]> {
  return Promise.all(target.units.map((unit) => runAndWrite(batch, unit)));
}

async function runAndWrite(batch: Batch, unit: Unit): Promise<WritingRow> {
  const standing = batch.standing.get(unit.path);
  if (standing !== undefined) return { row: standing, stored: Promise.resolve(standing) };
  const outcome = await runUnit(batch, unit, scopeOf(batch, unit));
  const row = rowOf(batch.request, unit, outcome);
  const stored = writeRow(batch, row);
  // Whoever awaits it at the end is told; until then nobody may be listening.
  stored.catch(() => undefined);
  return { row, stored };
}

/** Two attempts may be alive at once: the row that was written first is the true one. */
export async function writeRow(batch: Batch, row: HostRow): Promise<HostRow> {
  const key = `${row.path}@${row.generation}/${row.phase}/host.ended`;
  const entry = { key, kind: 'host.ended', at: Date.now(), actor: 'engine', via: 'worker', payload: row } as const;
  const standing = await batch.writer.write(entry, batch.leavesJobs ? 'soon' : 'now');
  if (standing === null || standing.payload === null) return row;
  const first: HostRow = JSON.parse(standing.payload);
  return first;
}

/** As the reply will say it. */
function codeOfTarget(rows: readonly HostRow[]): StatusCode {
  for (const status of ['failed', 'unknown', 'cancelled', 'succeeded'] as const) {
    if (rows.some((row) => row.status === status)) return codeOfStatus(status);
  }
  return 'k';
}

function digestOf(rows: readonly (readonly HostRow[])[]): string {
  const plain: JsonObject[] = rows
    .flat()
    .map((row) => ({ ...row, error: row.error === null ? null : { ...row.error } }));
  return createHash('sha256').update(canonicalJson(plain)).digest('hex');
}
