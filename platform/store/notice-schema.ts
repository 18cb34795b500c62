import { sql } from 'kysely';
import { columnTypes, required } from './columns';
import type { Session } from './database';

/** Notices were about tasks alone. */
export async function widenNotices(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const { query } = session;
  const { schema } = query;
  const added = () => schema.alterTable('notices');
  await added().renameColumn('task_id', 'about_id').execute();
  await added()
    .addColumn('about_kind', text, (column) => required(column).defaultTo('task'))
    .execute();
  await added()
    .addColumn('created_at', integer, (column) => required(column).defaultTo(0))
    .execute();
  await added()
    .addColumn('gathered', integer, (column) => required(column).defaultTo(0))
    .execute();
  await added().addColumn('batch', text).execute();
  await added().addColumn('code', text).execute();
  await added().addColumn('reason', text).execute();
  await query
    .updateTable('notices')
    .set({ what: sql<string>`'task.' || what`, created_at: sql<number>`next_at` })
    .execute();
  await schema.createIndex('notices_batch').on('notices').columns(['batch']).execute();
  await schema.createIndex('notices_gathered').on('notices').columns(['recipient', 'channel', 'state']).execute();
  await schema
    .createIndex('notices_about')
    .on('notices')
    .columns(['about_kind', 'about_id', 'created_at', 'id'])
    .execute();
  await schema.createIndex('notices_recipient').on('notices').columns(['recipient', 'created_at', 'id']).execute();
  await schema.createIndex('notices_created').on('notices').columns(['created_at', 'id']).execute();
  await schema.createIndex('notices_state').on('notices').columns(['state', 'created_at', 'id']).execute();
  // Whether a run is the first that succeeds again is asked while its end is written: one row, however many there were.
  await schema
    .createIndex('runs_recovery')
    .on('runs')
    .columns(['definition', 'requester', 'outcome', 'number'])
    .where(sql.ref('parent'), 'is', null)
    .execute();
}
