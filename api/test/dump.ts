/** A whole database as text, to compare what two imports have made. */
import { sql } from 'kysely';
import type { Database } from '../src/db/database.ts';

/** These tell of the process that imported and not of what it brought. */
const OF_THE_PROCESS: readonly string[] = ['schema_migrations', 'icp_sync', 'icp_runs'];
/** Numbered as they come: a transaction that is undone leaves a gap in PostgreSQL. */
const NUMBERED: Readonly<Record<string, string>> = { outbox: 'id', contract_totals: 'part' };

export async function dumpDatabase({
  dialect,
  read,
}: Pick<Database, 'dialect' | 'read'>): Promise<string[]> {
  const tables = await (
    dialect === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table'
          and name not like 'sqlite_%' order by name`
      : sql<{ name: string }>`select tablename as name from pg_tables
          where schemaname = current_schema() order by tablename`
  ).execute(read);
  const lines: string[] = [];
  for (const { name } of tables.rows) {
    if (OF_THE_PROCESS.includes(name)) continue;
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(
      read,
    );
    lines.push(...rows.map((row) => `${name} ${lineOf(name, row)}`).sort());
  }
  return lines;
}

function lineOf(table: string, row: Record<string, unknown>): string {
  const named = Object.entries(row)
    .filter(([name]) => name !== NUMBERED[table])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(named, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}
