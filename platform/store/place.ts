import type { Config } from '../config';
import type { DataPaths } from '../data-directory';
import type { StoreOptions } from './database';

/** Where the store of an installation is: PostgreSQL where `DATABASE_URL` says so, else a file in the data directory. */
export function storeOptions(config: Config, paths: DataPaths): StoreOptions {
  if (config.databaseUrl === null) return { kind: 'libsql', file: paths.store };
  return { kind: 'postgres', url: config.databaseUrl.reveal() };
}
