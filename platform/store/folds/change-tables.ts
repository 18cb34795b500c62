import { canonicalJson } from '../../../workflows/domain/canonical-json';
import { isChangeId } from '../../../workflows/domain/change-ids';
import { standingOf } from '../../../workflows/domain/change-standing';
import { keepBlob } from '../blobs';
import { inChunks } from '../chunks';
import type { Session } from '../database';
import { toJson } from '../json';
import { readDocument } from '../schema';
import { internScope } from '../scopes';
import type { JournalTable } from '../schema';
import { changeEntry } from './change-entry';
import { foldChange, isNewestPlan, phaseOf, scopeOfChange, unheardOf } from './changes';
import type { ChangeDocument } from './changes';

export async function loadChange(session: Session, id: string): Promise<ChangeDocument | null> {
  const row = await session.query.selectFrom('changes').select('document').where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : readDocument<ChangeDocument>(row.document);
}

export async function applyToChange(session: Session, id: string, rows: readonly JournalTable[]): Promise<void> {
  const relevant = isChangeId(id) ? rows.map(changeEntry).filter((entry) => entry !== null) : [];
  if (relevant.length === 0) return;
  const known = await loadChange(session, id);
  let change = known ?? unheardOf;
  for (const entry of relevant) {
    if (entry.kind === 'change.planned' && isNewestPlan(change, entry.payload.generation))
      await saveItems(session, id, entry.payload.items);
    change = foldChange(change, entry);
  }
  await saveChange(session, id, change);
  await keepBlob(session, change.ended?.stateDigest ?? null);
  if (change.scheduled !== known?.scheduled) await saveAssignees(session, id, change.scheduled?.assignees ?? []);
}

async function saveItems(session: Session, id: string, items: readonly string[]): Promise<void> {
  await session.query.deleteFrom('change_items').where('change_id', '=', id).execute();
  for (const chunk of inChunks([...new Set(items)]))
    await session.query
      .insertInto('change_items')
      .values(chunk.map((item) => ({ change_id: id, item })))
      .execute();
}

async function saveChange(session: Session, id: string, change: ChangeDocument): Promise<void> {
  const { opened, scheduled } = change;
  const phase = phaseOf(change);
  const columns = {
    number: opened?.number ?? null,
    phase,
    standing: standingOf(phase),
    requester: opened?.requester ?? null,
    taken_from_ms: scheduled === null ? null : scheduled.startMs - scheduled.preparationMs,
    start_ms: scheduled?.startMs ?? null,
    end_ms: scheduled?.endMs ?? null,
    scope: opened === null ? null : await internScope(session, scopeOfChange(change)),
    document: canonicalJson(toJson(change)),
  };
  await session.query
    .insertInto('changes')
    .values({ id, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute();
}

async function saveAssignees(session: Session, id: string, people: readonly string[]): Promise<void> {
  await session.query.deleteFrom('change_assignees').where('change_id', '=', id).execute();
  for (const chunk of inChunks([...new Set(people)]))
    await session.query
      .insertInto('change_assignees')
      .values(chunk.map((person) => ({ change_id: id, person })))
      .execute();
}

export async function clearChange(session: Session, id: string): Promise<void> {
  await session.query.deleteFrom('changes').where('id', '=', id).execute();
  await session.query.deleteFrom('change_items').where('change_id', '=', id).execute();
  await session.query.deleteFrom('change_assignees').where('change_id', '=', id).execute();
}
