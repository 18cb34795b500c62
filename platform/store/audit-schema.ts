import type { Session } from './database';

/** The journal over all streams, in the order of time. Times hardly go back, so an append adds at the end of the index. */
export async function createAudit({ query }: Session): Promise<void> {
  await query.schema.createIndex('journal_audit').on('journal').columns(['at', 'stream', 'seq']).execute();
}
