import { columnTypes, key, required } from './columns';
import type { Session } from './database';

/** What others are told: one row for each subscription and entry. */
export async function createHooks(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const { schema } = session.query;
  await schema
    .createTable('deliveries')
    .addColumn('id', text, key)
    .addColumn('subscription', text, required)
    .addColumn('event_id', text, required)
    .addColumn('kind', text, required)
    .addColumn('body', text, required)
    .addColumn('state', text, required)
    .addColumn('round', integer, required)
    .addColumn('attempts', integer, required)
    .addColumn('answer', text)
    .addColumn('created_at', integer, required)
    .addColumn('settled_at', integer)
    .execute();
  await schema.createIndex('deliveries_state').on('deliveries').columns(['state', 'created_at', 'id']).execute();
  await schema
    .createIndex('deliveries_subscription')
    .on('deliveries')
    .columns(['subscription', 'created_at', 'id'])
    .execute();
  await schema.createIndex('deliveries_created').on('deliveries').columns(['created_at', 'id']).execute();
}
