import { columnTypes, key, required } from './columns';
import type { Session } from './database';

export async function createCheckpoints(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const { schema } = session.query;
  await schema
    .createTable('checkpoints')
    .addColumn('number', integer, key)
    .addColumn('document', text, required)
    .addColumn('stamp', text)
    .execute();
  await schema
    .createTable('checkpoint_leaves')
    .addColumn('position', integer, key)
    .addColumn('stream', text, required)
    .addColumn('count', integer, required)
    .addColumn('head', text, required)
    .execute();
  await schema
    .createIndex('checkpoint_leaves_stream')
    .on('checkpoint_leaves')
    .columns(['stream', 'count'])
    .unique()
    .execute();
  await schema
    .createTable('checkpoint_nodes')
    .addColumn('level', integer, required)
    .addColumn('position', integer, required)
    .addColumn('hash', text, required)
    .addPrimaryKeyConstraint('checkpoint_nodes_pkey', ['level', 'position'])
    .execute();
}
