import { canonicalJson } from '../../workflows/domain/canonical-json';
import type { Renewal, Renewed, RenewalTurn } from './access-row';
import { appendWithin } from './append';
import type { Session } from './database';
import { accessStream } from './folds/apply';

/** One at a time asks about a session, in whatever process: a refresh token that comes twice is void, and all that came of it. */
export async function takeRenewal(session: Session, id: string, { basis, at, until }: Renewal): Promise<RenewalTurn> {
  const found = session.query
    .selectFrom('sessions')
    .select(['renewed_at', 'renewing_until', 'ended_at'])
    .where('id', '=', id);
  const row = await (session.dialect === 'postgres' ? found.forUpdate() : found).executeTakeFirst();
  if (row === undefined || row.ended_at !== null || row.renewed_at !== basis) return { kind: 'done' };
  if (row.renewing_until !== null && at < row.renewing_until) return { kind: 'held', until: row.renewing_until };
  await session.query.updateTable('sessions').set({ renewing_until: until }).where('id', '=', id).execute();
  return { kind: row.renewing_until === null ? 'taken' : 'taken over' };
}

export async function renewSession(
  session: Session,
  id: string,
  { groups, sealed, at, expiresAt, basis }: Renewed & Pick<Renewal, 'basis'>,
): Promise<boolean> {
  const { query } = session;
  const text = writeGroups(groups);
  const before = await query.selectFrom('sessions').select('groups').where('id', '=', id).executeTakeFirst();
  const renewed = await query
    .updateTable('sessions')
    .set({ groups: text, sealed, renewed_at: at, expires_at: expiresAt, renewing_until: null })
    .where('id', '=', id)
    .where('renewed_at', '=', basis)
    .where('ended_at', 'is', null)
    .returning(['actor', 'source'])
    .executeTakeFirst();
  if (renewed === undefined) return false;
  if (text === before?.groups) return true;
  const { actor, source: via } = renewed;
  const key = `session/${id}/groups:${at}`;
  await appendWithin(session, accessStream, [
    { key, kind: 'access.groups-changed', at, actor, via, payload: { session: id, groups } },
  ]);
  return true;
}

export function writeGroups(groups: readonly string[]): string {
  return canonicalJson([...new Set(groups)].sort());
}
