import { sql } from 'kysely';
import type { Database } from './database';
import { storedEntry } from './journal';
import type { StoredEntry } from './store';

/** The journal over all streams, newest first. */
export interface Audit {
  read(filter: AuditFilter): Promise<readonly StoredEntry[]>;
}

export interface AuditFilter {
  readonly stream?: string;
  readonly kinds?: readonly string[];
  readonly actor?: string;
  /** Epoch ms; the end is not among them. */
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** Go on below this place. */
  readonly below?: AuditPlace;
  readonly limit: number;
}

/** Where an entry stands among all: no two stand at one place. */
export interface AuditPlace {
  readonly at: number;
  readonly stream: string;
  readonly seq: number;
}

export function createAudit(database: Database): Audit {
  return { read: (filter) => read(database, filter) };
}

async function read({ query }: Database, filter: AuditFilter): Promise<readonly StoredEntry[]> {
  const { stream, kinds, actor, fromMs, untilMs, below, limit } = filter;
  let select = query.selectFrom('journal').selectAll();
  if (stream !== undefined) select = select.where('stream', '=', stream);
  if (kinds !== undefined) select = select.where('kind', 'in', kinds);
  if (actor !== undefined) select = select.where('actor', '=', actor);
  if (fromMs !== undefined) select = select.where('at', '>=', fromMs);
  if (untilMs !== undefined) select = select.where('at', '<', untilMs);
  if (below !== undefined) {
    const { at, stream: from, seq } = below;
    select = select.where(sql<boolean>`(at, stream, seq) < (${at}, ${from}, ${seq})`);
  }
  const ordered = select.orderBy('at', 'desc').orderBy('stream', 'desc').orderBy('seq', 'desc');
  return (await ordered.limit(limit).execute()).map(storedEntry);
}
