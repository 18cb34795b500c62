import { columnTypes } from './columns';
import type { Session } from './database';

/** Entries say for which request of the API they were written, from now on. */
export async function nameRequests(session: Session): Promise<void> {
  const { text } = columnTypes(session);
  await session.query.schema.alterTable('journal').addColumn('request', text).execute();
}
