import type { Database, OpenOptions } from './database.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/** Opens PostgreSQL at a `postgres://` address, else SQLite at a file path. */
export function openDatabase(where: string, options: OpenOptions): Promise<Database> {
  return /^postgres(ql)?:/.test(where) ? openPostgres(where, options) : openSqlite(where, options);
}
