/**
 * Fills every table with made-up rows, by what SQLite says of the tables: distinct where they must
 * be, about ten to a parent, half of what may be null. They mean nothing; the planner counts them.
 */
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { isoAt } from '@berth/shared/time';
import { WITHOUT_CHECKS } from './postgres.ts';

const CHILDREN = 10;
const ALIKE = 100;
const NUMBERS = 7;
const FIRST_MS = Date.UTC(2026, 0, 1);
const SECOND_MS = 1_000;

interface Column {
  name: string;
  type: string;
  notnull: number;
  /** What a CHECK allows, or nothing. */
  choices: string[];
  parent: { table: string; to: string } | null;
  /** By itself, or as the last column of several, one row has it. */
  distinct: boolean;
  /** Part of a key, so that it repeats little. */
  keyed: boolean;
}
type Tables = Map<string, Column[]>;
type Value = string | number | null;

const all = <Row>(db: Sqlite.Database, sql: string): Row[] => db.prepare<[], Row>(sql).all();

export function readTables(file: string): Tables {
  const db = new Sqlite(file, { readonly: true });
  const found = all<{ name: string; sql: string }>(
    db,
    `SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
      AND name <> 'schema_migrations'`,
  );
  const tables: Tables = new Map();
  for (const { name: table, sql } of found) tables.set(table, readColumns(db, table, sql));
  db.close();
  return tables;
}

function readColumns(db: Sqlite.Database, table: string, sql: string): Column[] {
  const uniques = all<{ name: string; unique: number }>(db, `PRAGMA index_list(${table})`)
    .filter(({ unique }) => unique === 1)
    .map(({ name }) => all<{ name: string }>(db, `PRAGMA index_info("${name}")`))
    .map((columns) => columns.map(({ name }) => name));
  const parents = all<{ from: string; table: string; to: string | null }>(
    db,
    `PRAGMA foreign_key_list(${table})`,
  );
  type Info = Pick<Column, 'name' | 'type' | 'notnull'> & { pk: number };
  return all<Info>(db, `PRAGMA table_info(${table})`).map(({ name, type, notnull, pk }) => {
    const parent = parents.find(({ from }) => from === name);
    const choices = new RegExp(`\\b${name} IN \\(([^)]+)\\)`).exec(sql)?.[1] ?? '';
    return {
      ...{ name, type, notnull },
      choices: choices.split(',').flatMap((one) => one.trim().replaceAll("'", '') || []),
      parent: parent ? { table: parent.table, to: parent.to ?? 'id' } : null,
      distinct: uniques.some((key) => key.at(-1) === name) || (pk > 0 && uniques.length === 0),
      keyed: pk > 0 || uniques.some((key) => key.includes(name)),
    };
  });
}

function valueOf(tables: Tables, column: Column, row: number): Value {
  const { name, type, choices, parent, distinct, keyed, notnull } = column;
  if (choices.length > 0) return choices[row % choices.length] ?? null;
  if (notnull === 0 && !keyed && row % 2 === 1) return null;
  if (parent !== null) {
    const own = tables.get(parent.table)?.find((one) => one.name === parent.to);
    if (own) return valueOf(tables, own, distinct ? row : Math.floor(row / CHILDREN));
  }
  if (!/TEXT/i.test(type)) return distinct ? row + 1 : 1 + (row % NUMBERS);
  if (/(^|_)at$/.test(name)) return isoAt(FIRST_MS + row * SECOND_MS);
  return `${name}-${distinct ? row : row % ALIKE}`;
}

const rowOf = (tables: Tables, columns: readonly Column[], row: number) =>
  Object.fromEntries(columns.map((column) => [column.name, valueOf(tables, column, row)]));

/** Rows `from` to `to` of every table; what a table's rows mean, and to whom, is not asked. */
export function fillSqlite(file: string, tables: Tables, from: number, to: number): void {
  const db = new Sqlite(file);
  db.pragma('synchronous = OFF');
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  db.exec('BEGIN');
  // They would look into what means nothing.
  const triggers = all<{ name: string }>(
    db,
    `SELECT name FROM sqlite_schema WHERE type = 'trigger'`,
  );
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  for (const [table, columns] of tables) {
    const names = columns.map(({ name }) => name);
    const insert = db.prepare(
      `INSERT OR IGNORE INTO ${table} (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`,
    );
    for (let row = from; row < to; row += 1) insert.run(rowOf(tables, columns, row));
  }
  db.exec('COMMIT');
  db.close();
}

/** The same in the schema of a PostgreSQL address, whose checks and references are dropped. */
export async function fillPostgres(
  address: string,
  tables: Tables,
  from: number,
  to: number,
): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS statement
      FROM pg_constraint
      WHERE contype IN ('c', 'f') AND connamespace = current_schema()::regnamespace`,
  );
  for (const { statement } of rows) await client.query(statement);
  await client.query(`CREATE TABLE IF NOT EXISTS ${WITHOUT_CHECKS} ()`);
  for (const table of tables.keys()) {
    await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  }
  for (const [table, columns] of tables) {
    const made = Array.from({ length: to - from }, (_, at) => rowOf(tables, columns, from + at));
    const names = columns.map(({ name }) => name).join();
    await client.query(
      `INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE
        SELECT ${names} FROM json_populate_recordset(NULL::${table}, $1) ON CONFLICT DO NOTHING`,
      [JSON.stringify(made)],
    );
  }
  await client.end();
}
