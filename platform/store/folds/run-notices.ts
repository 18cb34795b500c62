import type { RunOutcome } from '../../../workflows/domain/step-status';
import type { Session } from '../database';
import { readDocument } from '../schema';
import type { JournalTable } from '../schema';
import { runOfStream } from './apply';
import { foldEntry } from './entry';
import { foldRun, loadRun } from './run';
import type { Reason } from './notice-reasons';
import type { RunDocument } from './run';

/** Ends of runs that stand for themselves: of a part its whole tells, be that a run, a change or a backup. */
export async function reasonsOfRun(
  session: Session,
  stream: string,
  rows: readonly JournalTable[],
): Promise<readonly Reason[]> {
  const id = runOfStream(stream);
  if (id === null || !rows.some(({ kind }) => kind === 'run.ended')) return [];
  let run = await loadRun(session, id);
  const reasons: Reason[] = [];
  for (const row of rows) {
    const entry = row.kind.startsWith('run.') ? foldEntry(row) : null;
    if (entry === null) continue;
    const before = run;
    run = foldRun(run, entry);
    if (entry.kind !== 'run.ended' || run?.created?.parent != null) continue;
    const about = { kind: 'run', id } as const;
    if (hasFailed(entry.payload)) reasons.push({ cause: row, about, what: 'run.failed', asked: null });
    else if (entry.payload.outcome === 'succeeded' && (await isRecovery(session, before)))
      reasons.push({ cause: row, about, what: 'run.recovered', asked: null });
  }
  return reasons;
}

/** What somebody stopped or took back has not failed. */
function hasFailed({ outcome, error }: Pick<NonNullable<RunDocument['ended']>, 'outcome' | 'error'>): boolean {
  return outcome === 'failed' || outcome === 'undo-failed' || (outcome === 'undone' && error !== null);
}

const failures: readonly RunOutcome[] = ['failed', 'undo-failed', 'undone'];

/** The first that succeeds after a failure: this run itself, before it was resumed, or an earlier one of the same runbook and requester. */
async function isRecovery(session: Session, run: RunDocument | null): Promise<boolean> {
  if (run === null || run.created === null) return false;
  if (run.ended !== null) return hasFailed(run.ended);
  const { definition, requester, number } = run.created;
  const before = { definition: definition.name, requester, number };
  // There is none of nearly all runbooks, and an index says so at once.
  const failed = await newestOf(session, before, failures);
  if (failed === undefined) return false;
  const { ended } = readDocument<RunDocument>(failed.document);
  if (ended === null || !hasFailed(ended)) return false;
  const succeeded = await newestOf(session, before, ['succeeded']);
  return succeeded === undefined || succeeded.number < failed.number;
}

interface Earlier {
  readonly definition: string;
  readonly requester: string;
  /** Before this one. */
  readonly number: number;
}

interface EarlierRun {
  readonly number: number;
  readonly document: string;
}

/** Each outcome is looked for by itself: of several at once a database reads and sorts all runs that there are. */
async function newestOf(
  { query }: Session,
  { definition, requester, number: below }: Earlier,
  outcomes: readonly RunOutcome[],
): Promise<EarlierRun | undefined> {
  const found: EarlierRun[] = [];
  for (const outcome of outcomes) {
    const row = await query
      .selectFrom('runs')
      .select(['number', 'document'])
      .where('definition', '=', definition)
      .where('requester', '=', requester)
      .where('outcome', '=', outcome)
      .where('parent', 'is', null)
      .where('number', '<', below)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row?.number != null) found.push({ number: row.number, document: row.document });
  }
  return found.toSorted((left, right) => right.number - left.number)[0];
}
