import { columnTypes, key, required } from './columns';
import type { Session } from './database';

export async function createChanges(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const { schema } = session.query;
  await schema
    .createTable('changes')
    .addColumn('id', text, key)
    .addColumn('number', integer)
    .addColumn('phase', text, required)
    .addColumn('standing', text, required)
    .addColumn('requester', text)
    .addColumn('taken_from_ms', integer)
    .addColumn('start_ms', integer)
    .addColumn('end_ms', integer)
    .addColumn('document', text, required)
    .execute();
  await schema.createIndex('changes_number').on('changes').columns(['number']).execute();
  await schema.createIndex('changes_phase').on('changes').columns(['phase', 'number']).execute();
  await schema.createIndex('changes_standing').on('changes').columns(['standing', 'number']).execute();
  await schema.createIndex('changes_requester').on('changes').columns(['requester', 'number']).execute();
  await schema.createIndex('changes_end').on('changes').columns(['end_ms']).execute();
  await schema
    .createTable('change_items')
    .addColumn('change_id', text, required)
    .addColumn('item', text, required)
    .addPrimaryKeyConstraint('change_items_pkey', ['change_id', 'item'])
    .execute();
  await schema.createIndex('change_items_item').on('change_items').columns(['item', 'change_id']).execute();
  await schema
    .createTable('change_assignees')
    .addColumn('change_id', text, required)
    .addColumn('person', text, required)
    .addPrimaryKeyConstraint('change_assignees_pkey', ['change_id', 'person'])
    .execute();
  await schema.createIndex('change_assignees_person').on('change_assignees').columns(['person', 'change_id']).execute();
  await session.query.insertInto('counters').values({ name: 'change', value: 0 }).execute();
}
