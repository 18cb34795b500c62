import { columnTypes, key, required } from './columns';
import type { Session } from './database';

export interface NoticePreferencesTable {
  login: string;
  document: string;
}

export async function createPreferences(session: Session): Promise<void> {
  const { text } = columnTypes(session);
  await session.query.schema
    .createTable('notice_preferences')
    .addColumn('login', text, key)
    .addColumn('document', text, required)
    .execute();
}
