import pg from 'pg';
import type { QueryResult } from 'kysely';
import { PostgresDialect } from 'kysely';
import { problem } from '@berth/shared/problems';
import type { Database, OpenOptions } from './database.ts';
import { makeEngine, makeReadHandle, refuseInsideWrite, runInTransaction } from './handle.ts';
import type { RunQuery } from './handle.ts';
import { isMoney, toNumber } from './rows.ts';

type Row = Record<string, unknown>;

const MAX_READERS = 8;
const MAX_WRITERS = 8;
const CONNECT_TIMEOUT_MS = 5_000;

/** Those of our schema: a bare ANALYZE would be of the whole server's. */
const OWN_TABLES = `SELECT quote_ident(relname) AS name FROM pg_class
  WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`;

const INT4 = 23;
const INT8 = 20;
const NUMERIC = 1700;

/** Opens PostgreSQL: READ COMMITTED, one pool for reads and one for writes. */
export async function openPostgres(address: string, { log }: OpenOptions): Promise<Database> {
  const makePool = (connectionString: string, max: number) => {
    const pool = new pg.Pool({
      connectionString,
      max,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
    });
    pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'));
    return pool;
  };
  const readers = makePool(forReads(address), MAX_READERS);
  const writers = makePool(address, MAX_WRITERS);
  const engine = makeEngine(new PostgresDialect({ pool: writers }));
  const transact: Database['write'] = async (work) => {
    const client = await writers.connect().catch((error: unknown) => {
      throw postgresProblem(error);
    });
    let broken = false;
    try {
      await client.query('BEGIN');
      const value = await runInTransaction(engine, queriesOf(client), (tx) =>
        work(tx, async (script) => {
          await client.query(script);
        }),
      );
      await client.query('COMMIT');
      return value;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw postgresProblem(error);
    } finally {
      client.release(broken);
    }
  };
  return {
    dialect: 'postgres',
    read: makeReadHandle(engine, queriesOf(readers)),
    async write(work) {
      refuseInsideWrite();
      return transact(work);
    },
    async analyze() {
      const { rows } = await writers.query<{ name: string }>(OWN_TABLES);
      await writers.query(`ANALYZE ${rows.map(({ name }) => name).join()}`);
    },
    async close() {
      await Promise.all([readers.end(), writers.end()]);
    },
  };
}

function forReads(address: string): string {
  const url = new URL(address);
  const options = [url.searchParams.get('options'), '-c default_transaction_read_only=on'];
  url.searchParams.set('options', options.filter((one) => one !== null).join(' '));
  return url.href;
}

/** 64-bit integers as `bigint`; what else PostgreSQL gives as its driver reads it. */
function parserOf(type: number, format?: 'text' | 'binary'): unknown {
  if (type === INT8) return BigInt;
  if (type === NUMERIC) return (text: string) => text;
  return pg.types.getTypeParser(type, format);
}

function queriesOf(source: pg.Pool | pg.PoolClient): RunQuery {
  return async ({ sql, parameters }): Promise<QueryResult<Row>> => {
    const result = await source.query<Row>(sql, [...parameters]).catch((error: unknown) => {
      throw postgresProblem(error);
    });
    for (const { name, dataTypeID: type } of result.fields) {
      if (type !== INT8 && type !== NUMERIC && !(type === INT4 && isMoney(name))) continue;
      for (const row of result.rows) row[name] = integerOf(name, row[name]);
    }
    return { rows: result.rows, numAffectedRows: BigInt(result.rowCount ?? 0) };
  };
}

/** A sum of 64-bit integers is a `numeric` here; an average is one with a fraction. */
function integerOf(column: string, value: unknown): unknown {
  if (value === null) return null;
  if (isMoney(column)) return BigInt(value as string | bigint | number);
  return typeof value === 'bigint' ? toNumber(column, value) : Number(value);
}

/** PostgreSQL's codes (appendix A) for what passes: a deadlock, a lost race, no connection. */
const BUSY = /^(40001|40P01|55P03|53300|57P0[1-3]|08\w{3}|ECONN\w+|EPIPE|ETIMEDOUT)$/;
const DISK_FULL = '53100';

function postgresProblem(error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string };
  if (code === DISK_FULL) return problem('service.disk_full');
  const unreachable = /timeout exceeded when trying to connect|Connection terminated/;
  if (BUSY.test(code ?? '') || unreachable.test(message ?? '')) return problem('service.busy');
  return error;
}
