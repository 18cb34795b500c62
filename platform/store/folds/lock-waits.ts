import { canonicalJson } from '../../../workflows/domain/canonical-json';
import type { Session } from '../database';
import { toJson } from '../json';
import type { FoldEntry } from './entry';

/** Who waits for what, in the order of asking (D13). Asking for something else at the same place is asking anew. */
export async function applyToLockWaits(session: Session, entries: readonly FoldEntry[]): Promise<void> {
  for (const entry of entries) {
    if (entry.kind === 'lock.requested') await request(session, entry);
    else if (entry.kind === 'lock.granted' || entry.kind === 'lock.withdrawn') await forget(session, entry.payload);
  }
}

type RequestEntry = Extract<FoldEntry, { readonly kind: 'lock.requested' }>;

async function request(session: Session, { payload, seq }: RequestEntry): Promise<void> {
  const { runId, path, names, anyOf, seats } = payload;
  const asked = {
    names: canonicalJson([...names]),
    any_of: anyOf === true ? 1 : 0,
    ...(seats === undefined ? {} : { seats: canonicalJson(toJson(seats)) }),
    since: seq,
  };
  await session.query
    .insertInto('lock_waits')
    .values({ run_id: runId, path, ...asked })
    .onConflict((conflict) => conflict.columns(['run_id', 'path']).doUpdateSet(asked))
    .execute();
}

async function forget(
  session: Session,
  { runId, path }: { readonly runId: string; readonly path: string },
): Promise<void> {
  await session.query.deleteFrom('lock_waits').where('run_id', '=', runId).where('path', '=', path).execute();
}
