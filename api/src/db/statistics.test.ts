import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeTestDatabase, testDialect, type TestDatabase } from '../../test/harness.ts';
import { analyzeGrown } from './statistics.ts';

let made: TestDatabase;
beforeEach(async () => {
  made = await makeTestDatabase(testDialect, { migrated: false });
  await made.database.write((_, runScript) =>
    runScript('CREATE TABLE things (id TEXT PRIMARY KEY, state TEXT); CREATE TABLE none (id TEXT)'),
  );
});
afterEach(() => made.drop());

const grow = (from: number, to: number) =>
  made.database.write((tx) =>
    sql`INSERT INTO things
      WITH RECURSIVE n (i) AS (SELECT ${from} + 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${to})
      SELECT 'thing ' || i, 'here' FROM n`.execute(tx),
  );

test('what was written at once is known to the planner afterwards', async () => {
  await grow(1, 500);
  await made.database.analyze();
  const { rows } =
    testDialect === 'sqlite'
      ? await sql<{ n: string }>`SELECT stat AS n FROM sqlite_stat1`.execute(made.database.read)
      : await sql<{ n: number }>`SELECT reltuples AS n FROM pg_class WHERE relname = 'things'
          AND relnamespace = current_schema()::regnamespace`.execute(made.database.read);
  expect(String(rows[0]?.n)).toMatch(/^500\b/);
});

describe.runIf(testDialect === 'sqlite')('SQLite', () => {
  test('counts a table anew when it has grown tenfold, and an empty one never', async () => {
    const connection = new Sqlite(made.where);
    expect(analyzeGrown(connection)).toBe(0);
    await grow(1, 100);
    expect([analyzeGrown(connection), analyzeGrown(connection)]).toEqual([1, 0]);
    await grow(101, 500);
    expect(analyzeGrown(connection)).toBe(0);
    await grow(501, 2_000);
    expect([analyzeGrown(connection), analyzeGrown(connection)]).toEqual([1, 0]);
    connection.close();
  });

  test('tells every connection that is open what was counted', async () => {
    const ids = Array.from({ length: 20 }, (_, at) => `'thing ${at}'`).join();
    const text = `SELECT * FROM things WHERE state = 'here' AND id IN (${ids})`;
    await made.database.write((_, runScript) =>
      runScript('CREATE INDEX by_state ON things (state, id)'),
    );
    await grow(1, 20_000);
    const other = new Sqlite(made.where, { readonly: true });
    const plan = () => {
      other.prepare(text).all();
      return other.prepare(`EXPLAIN QUERY PLAN ${text}`).all();
    };
    const before = plan();
    const connection = new Sqlite(made.where);
    analyzeGrown(connection);
    expect(plan()).not.toEqual(before);
    connection.close();
    other.close();
  });
});
