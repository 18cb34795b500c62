import { columnTypes, key, required } from './columns';
import type { Session } from './database';

/** Whose logins are, and which process asks the provider about a session just now. */
export async function createLogins(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const { schema } = session.query;
  await schema
    .createTable('logins')
    .addColumn('name', text, key)
    .addColumn('login', text, required)
    .addColumn('issuer', text, required)
    .addColumn('subject', text, required)
    .addColumn('bound_at', integer, required)
    .execute();
  await schema.createIndex('logins_subject').on('logins').columns(['issuer', 'subject']).unique().execute();
  await schema.alterTable('sessions').addColumn('renewing_until', integer).execute();
}
