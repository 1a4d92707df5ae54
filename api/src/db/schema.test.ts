/** The types of the tables, read as text, beside the columns that the migrations have made. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTestDatabase, testDialect, type TestDatabase } from '../../test/harness.ts';
import { isMoney } from './rows.ts';

let made: TestDatabase;
beforeAll(async () => {
  made = await makeTestDatabase();
});
afterAll(() => made.drop());

/** Columns by table, each as its type is written. */
type Tables = Record<string, Record<string, string>>;

function readTypes(): Tables {
  const files = globSync(join(import.meta.dirname, 'schema*.ts')).filter(
    (file) => !file.endsWith('.test.ts'),
  );
  const interfaces = new Map<string, [name: string, type: string][]>();
  for (const file of files) {
    const found = readFileSync(file, 'utf8').matchAll(
      /^(?:export )?interface (\w+)[^{]*\{([^}]*)\}/gm,
    );
    for (const [, name = '', body = ''] of found) {
      const fields = [...body.matchAll(/^\s+(\w+): (.+);$/gm)];
      interfaces.set(
        name,
        fields.map(([, field = '', type = '']) => [field, type]),
      );
    }
  }
  const schemas = [...interfaces].filter(([name]) => name.endsWith('Schema') || name === 'Schema');
  return Object.fromEntries(
    schemas
      .flatMap(([, fields]) => fields)
      .map(([table, type]) => [table, Object.fromEntries(interfaces.get(type) ?? [])]),
  );
}

interface ColumnRow {
  table: string;
  name: string;
  type: string;
  nullable: number | boolean;
  generated: number | boolean;
}

/** A key is never null, though SQLite lets a text be; there an integer key counts by itself. */
const columnsOf = {
  sqlite: sql<ColumnRow>`SELECT t.name AS "table", c.name AS name, c.type AS type,
      c."notnull" = 0 AND c.pk = 0 AS nullable,
      c.dflt_value IS NOT NULL OR (c.pk = 1 AND t.sql LIKE '%INTEGER PRIMARY KEY%') AS generated
    FROM sqlite_schema t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'`,
  postgres: sql<ColumnRow>`SELECT c.table_name AS "table", c.column_name AS name,
      c.data_type AS type, c.is_nullable = 'YES' AS nullable,
      c.column_default IS NOT NULL OR c.is_identity = 'YES' AS generated
    FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'`,
};

function typeOf({ name, type, nullable }: ColumnRow): string {
  const kinds: Record<string, string> = {
    text: 'string',
    integer: 'number',
    'double precision': 'number',
    bigint: isMoney(name) ? 'bigint' : 'number',
  };
  return (kinds[type.toLowerCase()] ?? type) + (nullable ? ' | null' : '');
}

test('the types name every table and column as the database has it, with its type', async () => {
  const { rows } = await columnsOf[testDialect].execute(made.database.read);
  const types = readTypes();
  const tables: Tables = {};
  for (const row of rows) {
    if (row.table === 'schema_migrations') continue;
    // A type may ask for what the database would fill in, never the other way about.
    const mayLack = types[row.table]?.[row.name]?.startsWith('Generated<') === true;
    const type = typeOf(row);
    (tables[row.table] ??= {})[row.name] = mayLack && row.generated ? `Generated<${type}>` : type;
  }
  expect(types).toEqual(tables);
});

test('where a row may not be removed none is written over another by REPLACE', async () => {
  // PostgreSQL has no such statement.
  if (testDialect !== 'sqlite') return;
  const { rows } = await sql<{ table: string; event: string; sql: string }>`
    SELECT tbl_name AS "table", sql FROM sqlite_schema WHERE type = 'trigger'`.execute(
    made.database.read,
  );
  const refusing = (event: RegExp) =>
    new Set(rows.filter((row) => event.test(row.sql)).map(({ table }) => table));
  const kept = refusing(/BEFORE DELETE[^;]*RAISE\(ABORT/);
  expect(kept.size).toBeGreaterThan(6);
  expect([...kept].filter((table) => !refusing(/BEFORE INSERT[^;]*RAISE\(/).has(table))).toEqual(
    [],
  );
});
