import { sql } from 'kysely';
import type { CreateTableBuilder, RawBuilder } from 'kysely';
import type { Session } from './database';

interface ColumnTypes {
  /** Compared byte by byte in both dialects: pages and prefixes must not depend on a locale. */
  readonly text: RawBuilder<unknown>;
  readonly integer: RawBuilder<unknown>;
  readonly bytes: RawBuilder<unknown>;
}

export function columnTypes(session: Session): ColumnTypes {
  return session.dialect === 'postgres'
    ? { text: sql`text collate "C"`, integer: sql`bigint`, bytes: sql`bytea` }
    : { text: sql`text`, integer: sql`integer`, bytes: sql`blob` };
}

type ColumnBuilder = Parameters<Parameters<CreateTableBuilder<string>['addColumn']>[2] & object>[0];

export function required(column: ColumnBuilder): ColumnBuilder {
  return column.notNull();
}

export function key(column: ColumnBuilder): ColumnBuilder {
  return column.primaryKey();
}
