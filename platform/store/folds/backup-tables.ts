import { isKeeperId, isOperationId } from '../../../workflows/domain/backup-ids';
import { canonicalJson } from '../../../workflows/domain/canonical-json';
import { keepBlob } from '../blobs';
import { inChunks } from '../chunks';
import type { Session } from '../database';
import { toJson } from '../json';
import { readDocument } from '../schema';
import { internScope } from '../scopes';
import type { JournalTable } from '../schema';
import { backupEntry } from './backup-entry';
import type { BackupEntry } from './backup-entry';
import { foldOperation, scopeOfOperation, unopenedOperation } from './backup-operations';
import type { BackupOperationDocument } from './backup-operations';
import { foldPlan, scopeOfPlan, unkeptPlan } from './backup-plans';
import type { BackupPlanDocument } from './backup-plans';
import { foldSet, isInUse, setsNamedBy, unknownSet } from './backup-sets';
import type { SetFacts } from './backup-sets';

export async function applyToBackups(session: Session, id: string, rows: readonly JournalTable[]): Promise<void> {
  if (!isKeeperId(id) && !isOperationId(id)) return;
  const entries = rows.map(backupEntry).filter((entry) => entry !== null);
  if (entries.length === 0) return;
  if (isKeeperId(id)) await applyToPlan(session, id, entries);
  else await applyToOperation(session, id, entries);
  await applyToSets(session, id, entries);
}

async function applyToPlan(session: Session, id: string, entries: readonly BackupEntry[]): Promise<void> {
  const known = await loadPlan(session, id);
  const plan = entries.reduce(foldPlan, known ?? unkeptPlan);
  const { kept } = plan;
  const columns = {
    name: kept?.plan ?? null,
    scope: kept === null ? null : await internScope(session, scopeOfPlan(kept)),
    document: canonicalJson(toJson(plan)),
  };
  await session.query
    .insertInto('backup_plans')
    .values({ id, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute();
}

async function loadPlan({ query }: Session, id: string): Promise<BackupPlanDocument | null> {
  const row = await query.selectFrom('backup_plans').select('document').where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : readDocument<BackupPlanDocument>(row.document);
}

async function applyToOperation(session: Session, id: string, entries: readonly BackupEntry[]): Promise<void> {
  const known = await loadBackupOperation(session, id);
  const operation = entries.reduce(foldOperation, known ?? unopenedOperation);
  const { opened } = operation;
  const columns = {
    plan: opened?.plan ?? null,
    kind: opened?.kind ?? null,
    opened_at: opened?.at ?? null,
    scope: opened === null ? null : await internScope(session, scopeOfOperation(opened)),
    ended_at: operation.ended?.at ?? null,
    document: canonicalJson(toJson(operation)),
  };
  await session.query
    .insertInto('backup_operations')
    .values({ id, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute();
  await keepBlob(session, operation.ended?.stateDigest ?? null);
}

export async function loadBackupOperation({ query }: Session, id: string): Promise<BackupOperationDocument | null> {
  const row = await query.selectFrom('backup_operations').select('document').where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : readDocument<BackupOperationDocument>(row.document);
}

async function applyToSets(session: Session, process: string, entries: readonly BackupEntry[]): Promise<void> {
  const ids = [...new Set(entries.flatMap(setsNamedBy))];
  if (ids.length === 0) return;
  const facts = await loadFacts(session, process, ids);
  for (const entry of entries)
    for (const id of setsNamedBy(entry)) facts.set(id, foldSet(facts.get(id) ?? unknownSet, entry));
  for (const chunk of inChunks([...facts])) await saveFacts(session, process, chunk);
}

async function loadFacts({ query }: Session, process: string, ids: readonly string[]): Promise<Map<string, SetFacts>> {
  const facts = new Map<string, SetFacts>();
  for (const chunk of inChunks(ids)) {
    const rows = await query
      .selectFrom('backup_set_facts')
      .select(['set_id', 'document'])
      .where('process_id', '=', process)
      .where('set_id', 'in', chunk)
      .execute();
    for (const { set_id: id, document } of rows) facts.set(id, readDocument<SetFacts>(document));
  }
  return facts;
}

async function saveFacts(
  { query }: Session,
  process: string,
  sets: readonly (readonly [id: string, facts: SetFacts])[],
): Promise<void> {
  const rows = sets.map(([id, facts]) => ({
    set_id: id,
    process_id: process,
    plan: facts.made?.plan ?? null,
    at_ms: facts.made?.atMs ?? null,
    in_use: isInUse(facts) ? 1 : 0,
    pruned_at: facts.prunedAt,
    document: canonicalJson(toJson(facts)),
  }));
  await query
    .insertInto('backup_set_facts')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['set_id', 'process_id']).doUpdateSet((excluded) => ({
        plan: excluded.ref('excluded.plan'),
        at_ms: excluded.ref('excluded.at_ms'),
        in_use: excluded.ref('excluded.in_use'),
        pruned_at: excluded.ref('excluded.pruned_at'),
        document: excluded.ref('excluded.document'),
      })),
    )
    .execute();
}

export async function clearBackups({ query }: Session, id: string): Promise<void> {
  await query.deleteFrom('backup_plans').where('id', '=', id).execute();
  await query.deleteFrom('backup_operations').where('id', '=', id).execute();
  await query.deleteFrom('backup_set_facts').where('process_id', '=', id).execute();
}
