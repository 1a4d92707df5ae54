/** Schemas of PostgreSQL that tests use one after another. */
import { hash } from 'node:crypto';
import pg from 'pg';
import { MIGRATIONS, readMigrations } from '../src/db/migrate.ts';

const POSTGRES = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** What a connection of a test has: no test pulls the plug, so none waits for the disk. */
const optionsFor = (schema: string): string => `-c search_path=${schema} -c synchronous_commit=off`;

export interface Schema {
  /** What `openDatabase` takes; its tables may be missing, and are empty. */
  where: string;
  /** Gives it to the next test. */
  leave(): Promise<void>;
}

/** Where the rows stand that the migrations themselves write. */
const rowsOf = (schema: string): string => `${schema}_rows`;

/** Keeps what the migrations wrote, which is all there is in a schema that was just made. */
const KEEP = (schema: string) => `
  BEGIN;
  CREATE SCHEMA ${rowsOf(schema)};
  DO $$
  DECLARE one record; has_rows boolean;
  BEGIN
    FOR one IN SELECT tablename FROM pg_tables
      WHERE schemaname = '${schema}' AND tablename <> 'schema_migrations'
    LOOP
      EXECUTE format('SELECT EXISTS (SELECT FROM ${schema}.%I)', one.tablename) INTO has_rows;
      IF has_rows THEN
        EXECUTE format('CREATE TABLE ${rowsOf(schema)}.%1$I AS TABLE ${schema}.%1$I', one.tablename);
      END IF;
    END LOOP;
  END $$;
  COMMIT`;

/** All tables as the migrations left them, without what refuses a change; sequences start anew. */
const EMPTY = (schema: string) => `
  BEGIN;
  SET LOCAL session_replication_role = replica;
  DO $$
  DECLARE one record;
  BEGIN
    FOR one IN SELECT tablename FROM pg_tables
      WHERE schemaname = '${schema}' AND tablename <> 'schema_migrations'
    LOOP EXECUTE format('DELETE FROM ${schema}.%I', one.tablename); END LOOP;
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = '${rowsOf(schema)}'
    LOOP
      EXECUTE format('INSERT INTO ${schema}.%1$I TABLE ${rowsOf(schema)}.%1$I', one.tablename);
    END LOOP;
    FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = '${schema}'
    LOOP PERFORM setval(format('${schema}.%I', one.sequencename), 1, false); END LOOP;
  END $$;
  COMMIT`;

/** The table that marks a schema whose checks a test has dropped: the next one makes it anew. */
export const WITHOUT_CHECKS = 'without_checks';

/** Runs every migration in the empty schema at an address. */
type MigrateAt = (where: string) => Promise<void>;

let migrations: string | undefined;
/** Schemas of the same migrations are alike. */
const kind = (): string =>
  (migrations ??= hash(
    'sha256',
    readMigrations(MIGRATIONS, 'postgres')
      .map(({ sha256 }) => sha256)
      .join(),
  ).slice(0, 12));

/**
 * The first schema of these migrations that no test uses. It is kept from test to test, as emptying
 * it takes a hundredth of migrating anew; a lock that ends with its test holds it.
 */
export async function takeSchema(migrateAt: MigrateAt): Promise<Schema> {
  const client = new pg.Client({ connectionString: POSTGRES });
  await client.connect();
  const schema = await lockFirst(client, `berth_test_${kind()}`);
  const usable = `SELECT to_regnamespace('${rowsOf(schema)}') IS NOT NULL
    AND to_regclass('${schema}.${WITHOUT_CHECKS}') IS NULL AS is_usable`;
  const { rows } = await client.query<{ is_usable: boolean }>(usable);
  if (rows[0]?.is_usable) await client.query(EMPTY(schema));
  else await makeSchema(client, schema, migrateAt);
  return { where: addressOf(schema), leave: () => client.end() };
}

async function makeSchema(client: pg.Client, schema: string, migrateAt: MigrateAt): Promise<void> {
  await client.query(`DROP SCHEMA IF EXISTS ${schema}, ${rowsOf(schema)} CASCADE`);
  await client.query(`CREATE SCHEMA ${schema}`);
  await migrateAt(addressOf(schema));
  await client.query(KEEP(schema));
}

function addressOf(schema: string): string {
  const address = new URL(POSTGRES);
  address.searchParams.set('options', optionsFor(schema));
  return address.href;
}

async function lockFirst(client: pg.Client, start: string): Promise<string> {
  for (let n = 0; ; n += 1) {
    const schema = `${start}_${n}`;
    const lock = 'SELECT pg_try_advisory_lock(hashtext($1)) AS is_ours';
    const { rows } = await client.query<{ is_ours: boolean }>(lock, [schema]);
    if (rows[0]?.is_ours) return schema;
  }
}

/** A schema of its own without tables, which is dropped afterwards. */
export async function makeBareSchema(): Promise<Schema> {
  const client = new pg.Client({ connectionString: POSTGRES });
  await client.connect();
  const schema = await lockFirst(client, 'berth_test_bare');
  await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await client.query(`CREATE SCHEMA ${schema}`);
  const leave = async () => {
    await client.query(`DROP SCHEMA ${schema} CASCADE`);
    await client.end();
  };
  return { where: addressOf(schema), leave };
}
