import { newestFirst } from '../../workflows/domain/backup-set';
import type { BackupSetFilter, BackupSetRow } from './backup-row';
import { inChunks } from './chunks';
import type { Database } from './database';
import { backupSetRow } from './folds/backup-sets';
import type { FactsOf, SetFacts } from './folds/backup-sets';
import { readDocument } from './schema';

/** Newest first, whole chains: whether a set is good depends on what it needs. `expiring`: ids on the prune plan. */
export async function readBackupSets(
  database: Database,
  filter: BackupSetFilter,
  expiring: readonly string[],
): Promise<readonly BackupSetRow[]> {
  const named = new Set(expiring);
  const rows = new Map<string, BackupSetRow>();
  const asked = new Set<string>();
  let wanted = await selectIds(database, filter, expiring);
  while (wanted.length > 0) {
    for (const id of wanted) asked.add(id);
    for (const row of await loadSets(database, wanted, named)) rows.set(row.id, row);
    const parents = new Set([...rows.values()].map(({ parent }) => parent));
    wanted = [...parents].filter((parent) => parent !== '' && !asked.has(parent));
  }
  return newestFirst([...rows.values()].filter((row) => filter.pruned === true || row.prunedAt === null));
}

async function selectIds(
  database: Database,
  { plan, limit, pruned }: BackupSetFilter,
  expiring: readonly string[],
): Promise<readonly string[]> {
  const newest = await madeBy(database, plan, pruned === true)
    .orderBy('made.at_ms', 'desc')
    .orderBy('made.set_id', 'desc')
    .limit(limit)
    .execute();
  const inUse = await madeBy(database, plan, pruned === true)
    .where((is) =>
      is.exists(
        is
          .selectFrom('backup_set_facts as use')
          .select('use.set_id')
          .whereRef('use.set_id', '=', 'made.set_id')
          .where('use.in_use', '=', 1),
      ),
    )
    .execute();
  return [...new Set([...[...newest, ...inUse].map(({ set_id: id }) => id), ...expiring])];
}

function madeBy({ query }: Database, plan: string, pruned: boolean) {
  const made = query.selectFrom('backup_set_facts as made').select('made.set_id').where('made.plan', '=', plan);
  if (pruned) return made;
  return made.where((is) =>
    is.not(
      is.exists(
        is
          .selectFrom('backup_set_facts as gone')
          .select('gone.set_id')
          .whereRef('gone.set_id', '=', 'made.set_id')
          .where('gone.pruned_at', 'is not', null),
      ),
    ),
  );
}

async function loadSets(
  { query }: Database,
  ids: readonly string[],
  expiring: ReadonlySet<string>,
): Promise<readonly BackupSetRow[]> {
  const told = new Map<string, FactsOf[]>();
  for (const chunk of inChunks(ids)) {
    const rows = await query
      .selectFrom('backup_set_facts')
      .select(['set_id', 'process_id', 'document'])
      .where('set_id', 'in', chunk)
      .execute();
    for (const { set_id: id, process_id: process, document } of rows) {
      const of = told.get(id) ?? [];
      of.push({ process, facts: readDocument<SetFacts>(document) });
      told.set(id, of);
    }
  }
  return [...told].map(([id, facts]) => backupSetRow(id, facts, expiring.has(id))).filter((row) => row !== null);
}

export async function findBackupSet(
  database: Database,
  reference: string,
  expiringOf: (plan: string) => Promise<readonly string[]>,
): Promise<BackupSetRow | null> {
  if (reference === '') return null;
  const rows = await database.query
    .selectFrom('backup_set_facts')
    .select(['set_id', 'plan'])
    .where('plan', 'is not', null)
    .where('set_id', '>=', reference)
    .where('set_id', '<', `${reference}\uffff`)
    .orderBy('set_id')
    .limit(2)
    .execute();
  const [first, second] = rows;
  if (first === undefined || (first.set_id !== reference && second !== undefined)) return null;
  const expiring = await expiringOf(first.plan ?? '');
  return (await loadSets(database, [first.set_id], new Set(expiring)))[0] ?? null;
}
