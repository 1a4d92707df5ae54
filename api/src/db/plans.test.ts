/**
 * How the databases answer what requests ask most, all that `compileOnce` has built: with whatever
 * statistics, by the same index, and never by reading a whole table.
 */
import Sqlite from 'better-sqlite3';
import type { CompiledQuery } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillPostgres, fillSqlite, readTables } from '../../test/fill.ts';
import { makeTestDatabase, testDialect, type TestDatabase } from '../../test/harness.ts';
import { compiledOnce } from './compiled.ts';
// Every module builds its queries as it is loaded.
import '../modules.ts';

const SMALL = 30;
const LARGE = 2_000;
const LONG_MS = 120_000;

let made: TestDatabase;
let queries: CompiledQuery[];
let tables: ReturnType<typeof readTables>;
/** Indexes of a few of a table's rows, such as those that wait: they may be read as a whole. */
let partial: string[];
beforeAll(async () => {
  const bySqlite = await makeTestDatabase('sqlite');
  tables = readTables(bySqlite.where);
  const schema = new Sqlite(bySqlite.where, { readonly: true });
  partial = schema
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'",
    )
    .pluck()
    .all();
  schema.close();
  await bySqlite.drop();
  made = await makeTestDatabase(testDialect);
  queries = compiledOnce.map((compile) => compile(made.database.read));
});
afterAll(() => made.drop());

/** Enough to find a query by. */
const shortOf = (text: string): string =>
  text.replace(/^select .*? from/, 'select … from').replace(/ \(?(select|not exists) .*/s, ' …');

test('the queries of every module are known', () => {
  const texts = queries.map(({ sql }) => sql);
  for (const table of ['sessions', 'offerings', 'contract_sign_requests', 'provider_records']) {
    expect(texts.some((text) => text.includes(` "${table}"`))).toBe(true);
  }
});

describe.runIf(testDialect === 'sqlite')('SQLite', { timeout: LONG_MS }, () => {
  /** By the query's text: what is searched, and by which index. */
  function explainAll(): Record<string, string[]> {
    const db = new Sqlite(made.where, { readonly: true });
    const plans = queries.map(({ sql, parameters }) => {
      const explain = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
      const steps = explain.all(parameters.map(() => null)).map(({ detail }) => detail);
      return [shortOf(sql), steps] as const;
    });
    db.close();
    return Object.fromEntries(plans);
  }

  function readsAll(step: string, _: number, steps: readonly string[]): boolean {
    // What a part of the query has found is no table.
    const name = /^SCAN (\w+)$/.exec(step)?.[1] ?? '';
    if (steps.some((one) => one === `CO-ROUTINE ${name}` || one === `MATERIALIZE ${name}`)) {
      return false;
    }
    const index = /^SCAN .* INDEX (\w+)$/.exec(step)?.[1];
    if (index !== undefined && partial.includes(index)) return false;
    return step.startsWith('SCAN') && !/^SCAN (CONSTANT ROW|wanted VIRTUAL TABLE)/.test(step);
  }

  test('reads no whole table, and goes the same way whatever it knows of the rows', async () => {
    const plans = { empty: explainAll() } as Record<string, Record<string, string[]>>;
    fillSqlite(made.where, tables, 0, SMALL);
    await made.database.analyze();
    plans['small'] = explainAll();
    fillSqlite(made.where, tables, SMALL, LARGE);
    plans['grown since'] = explainAll();
    await made.database.analyze();
    plans['large'] = explainAll();
    for (const [name, found] of Object.entries(plans)) {
      const scans = Object.entries(found).filter(([, steps]) => steps.some(readsAll));
      expect({ name, scans }).toEqual({ name, scans: [] });
      expect({ name, found }).toEqual({ name, found: plans['empty'] });
    }
  });
});

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  'Index Name'?: string;
  Plans?: PlanNode[];
}

describe.runIf(testDialect === 'postgres')('PostgreSQL', { timeout: LONG_MS }, () => {
  const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
  const readsAll = (node: PlanNode): boolean =>
    node['Node Type'] === 'Seq Scan' ||
    (node['Index Name'] !== undefined &&
      node['Index Cond'] === undefined &&
      !partial.includes(node['Index Name']));

  /** The queries that read a whole table, with what they read. */
  async function findScans(settings: string): Promise<[string, string][]> {
    const client = new pg.Client({ connectionString: made.where });
    await client.connect();
    await client.query(`SET plan_cache_mode = force_generic_plan; ${settings}`);
    const scans: [string, string][] = [];
    for (const { sql, parameters } of queries) {
      await client.query(`PREPARE asked AS ${sql}`);
      const values = parameters.map(() => 'NULL').join();
      const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
        `EXPLAIN (FORMAT JSON) EXECUTE asked${values && `(${values})`}`,
      );
      await client.query('DEALLOCATE asked');
      for (const node of nodesOf(rows[0]!['QUERY PLAN'][0]!.Plan)) {
        if (readsAll(node)) scans.push([shortOf(sql), JSON.stringify(node)]);
      }
    }
    await client.end();
    return scans;
  }

  // Its statistics are of the file as it is. Whether to scan is left to it; that it need not is
  // asked.
  const noScans = 'SET enable_seqscan = off;';
  const noJoins = 'SET enable_hashjoin = off; SET enable_mergejoin = off;';

  test('has an index for every query, on an empty, a small and a large database', async () => {
    const isSeq = ([, node]: [string, string]) => node.includes('Seq Scan');
    expect((await findScans(noScans)).filter(isSeq)).toEqual([]);
    await fillPostgres(made.where, tables, 0, SMALL);
    await made.database.analyze();
    expect((await findScans(noScans)).filter(isSeq)).toEqual([]);
    await fillPostgres(made.where, tables, SMALL, LARGE);
    await made.database.analyze();
    expect(await findScans(noScans + noJoins)).toEqual([]);
  });
});
