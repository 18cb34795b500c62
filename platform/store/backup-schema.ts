import { columnTypes, key, required } from './columns';
import type { Session } from './database';

export async function createBackups(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const { schema } = session.query;
  await schema
    .createTable('backup_plans')
    .addColumn('id', text, key)
    .addColumn('name', text)
    .addColumn('document', text, required)
    .execute();
  await schema.createIndex('backup_plans_name').on('backup_plans').columns(['name']).execute();
  await schema
    .createTable('backup_operations')
    .addColumn('id', text, key)
    .addColumn('plan', text)
    .addColumn('kind', text)
    .addColumn('opened_at', integer)
    .addColumn('ended_at', integer)
    .addColumn('document', text, required)
    .execute();
  await schema
    .createIndex('backup_operations_plan')
    .on('backup_operations')
    .columns(['plan', 'kind', 'opened_at'])
    .execute();
  await schema.createIndex('backup_operations_opened').on('backup_operations').columns(['opened_at']).execute();
  await schema
    .createTable('backup_set_facts')
    .addColumn('set_id', text, required)
    .addColumn('process_id', text, required)
    .addColumn('plan', text)
    .addColumn('at_ms', integer)
    .addColumn('in_use', integer, required)
    .addColumn('pruned_at', integer)
    .addColumn('document', text, required)
    .addPrimaryKeyConstraint('backup_set_facts_pkey', ['set_id', 'process_id'])
    .execute();
  await schema.createIndex('backup_set_facts_plan').on('backup_set_facts').columns(['plan', 'at_ms']).execute();
}
