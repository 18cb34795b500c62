import { columnTypes, key, required } from './columns';
import type { Session } from './database';

/** Who is signed in, and what signs somebody in. No folds: the journal tells that it happened, and never a secret. */
export async function createAccess(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const { schema } = session.query;
  await schema
    .createTable('sign_in_codes')
    .addColumn('digest', text, key)
    .addColumn('actor', text, required)
    .addColumn('given', text)
    .addColumn('expires_at', integer, required)
    .addColumn('used_at', integer)
    .execute();
  await schema
    .createTable('sessions')
    .addColumn('id', text, key)
    .addColumn('digest', text, required)
    .addColumn('actor', text, required)
    .addColumn('source', text, required)
    .addColumn('groups', text, required)
    .addColumn('given', text)
    .addColumn('sealed', text)
    .addColumn('created_at', integer, required)
    .addColumn('seen_at', integer, required)
    .addColumn('renewed_at', integer, required)
    .addColumn('expires_at', integer, required)
    .addColumn('ended_at', integer)
    .execute();
  await schema.createIndex('sessions_actor').on('sessions').columns(['actor', 'renewed_at']).execute();
  await schema
    .createTable('api_tokens')
    .addColumn('id', text, key)
    .addColumn('digest', text, required)
    .addColumn('name', text, required)
    .addColumn('actor', text, required)
    .addColumn('given', text)
    .addColumn('limits', text)
    .addColumn('created_by', text, required)
    .addColumn('created_at', integer, required)
    .addColumn('expires_at', integer, required)
    .addColumn('last_used_at', integer)
    .addColumn('revoked_at', integer)
    .execute();
  await schema.createIndex('api_tokens_actor').on('api_tokens').columns(['actor', 'created_at']).execute();
}
