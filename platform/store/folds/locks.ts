import { seatLimitOf } from '../../../workflows/domain/seats';
import { inChunks } from '../chunks';
import type { Session } from '../database';
import type { FoldEntry } from './entry';

/** Who holds what (D13). The stream `locks` has one writer at a time, so its order is the order of the facts. */
export async function applyToLocks(session: Session, entries: readonly FoldEntry[]): Promise<void> {
  for (const entry of entries) {
    if (entry.kind === 'lock.granted') await grant(session, entry);
    else if (entry.kind === 'lock.released') await release(session, entry);
    else if (entry.kind === 'lock.orphaned') await orphan(session, entry);
  }
}

type EntryOf<K extends FoldEntry['kind']> = Extract<FoldEntry, { readonly kind: K }>;

async function grant(session: Session, { at, payload }: EntryOf<'lock.granted'>): Promise<void> {
  const { runId, path, token, names, limits = {} } = payload;
  const owner = { run_id: runId, path, token, state: 'held', at };
  for (const chunk of inChunks(names))
    await session.query
      .insertInto('locks')
      .values(chunk.map((name) => ({ name, ...owner, seat_limit: seatLimitOf(name, limits) })))
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet((excluded) => ({ ...owner, seat_limit: excluded.ref('excluded.seat_limit') })),
      )
      .execute();
}

async function release(session: Session, { payload }: EntryOf<'lock.released'>): Promise<void> {
  const { runId, path, names } = payload;
  for (const chunk of inChunks(names))
    await session.query
      .deleteFrom('locks')
      .where('name', 'in', chunk)
      .where('run_id', '=', runId)
      .where('path', '=', path)
      .execute();
}

async function orphan(session: Session, { payload }: EntryOf<'lock.orphaned'>): Promise<void> {
  for (const chunk of inChunks(payload.names))
    await session.query
      .updateTable('locks')
      .set({ state: 'orphaned' })
      .where('name', 'in', chunk)
      .where('run_id', '=', payload.runId)
      .execute();
}
