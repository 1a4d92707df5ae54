import { sql } from 'kysely';
import type {
  Compilable,
  CompiledQuery,
  DialectAdapter,
  Insertable,
  Kysely,
  QueryResult,
  Transaction,
} from 'kysely';
import type { Schema } from './schema.ts';

type Values = Record<string, unknown>;

/** Stands for a value while the query is compiled. */
interface Slot {
  slot: string;
}

/**
 * A query that is built and compiled once for each database: a call only fills in its values. For
 * what every request asks; building a query takes longer than SQLite takes to answer it.
 */
export function compileOnce<Given extends Values, Row>(
  build: (db: Kysely<Schema>, given: Given) => Compilable<Row>,
): (db: Kysely<Schema>, given: Given) => Promise<QueryResult<Row>> {
  const known = new WeakMap<DialectAdapter, CompiledQuery<Row>>();
  const slots = new Proxy({} as Given, { get: (_, slot): Slot => ({ slot: String(slot) }) });
  return (db, given) => {
    const { adapter } = db.getExecutor();
    let compiled = known.get(adapter);
    if (compiled === undefined) {
      compiled = build(db, slots).compile();
      known.set(adapter, compiled);
    }
    const parameters = compiled.parameters.map((one) => (isSlot(one) ? given[one.slot] : one));
    return db.executeQuery<Row>({ ...compiled, parameters });
  };
}

const isSlot = (value: unknown): value is Slot =>
  typeof value === 'object' && value !== null && 'slot' in value;

const inserts = new WeakMap<DialectAdapter, Map<string, CompiledQuery>>();

/** Inserts one row; the statement is compiled once for each table and choice of columns. */
export async function insertRow<Table extends keyof Schema>(
  tx: Transaction<Schema>,
  table: Table,
  row: Insertable<Schema[Table]>,
): Promise<void> {
  const { adapter } = tx.getExecutor();
  const known = inserts.get(adapter) ?? new Map<string, CompiledQuery>();
  inserts.set(adapter, known);
  const shape = `${table} ${Object.keys(row).join()}`;
  const compiled = known.get(shape) ?? tx.insertInto(table).values(row).compile();
  known.set(shape, compiled);
  await tx.executeQuery({ ...compiled, parameters: Object.values(row) });
}

/** Rows of one statement: a few sizes, each compiled once, and all within a driver's limit. */
const ROWS_AT_ONCE = [256, 32, 4, 1];

/**
 * Inserts rows of one shape, many to a statement. With `over` a row whose key is there already is
 * written over by the new one.
 */
export async function insertRows<Table extends keyof Schema>(
  tx: Transaction<Schema>,
  table: Table,
  rows: readonly Insertable<Schema[Table]>[],
  over?: readonly (keyof Schema[Table] & string)[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const { adapter } = tx.getExecutor();
  const known = inserts.get(adapter) ?? new Map<string, CompiledQuery>();
  inserts.set(adapter, known);
  const columns = Object.keys(first);
  let from = 0;
  for (const count of ROWS_AT_ONCE) {
    for (; rows.length - from >= count; from += count) {
      const some = rows.slice(from, from + count);
      const shape = `${count} ${table} ${columns.join()} ${over?.join() ?? ''}`;
      const compiled = known.get(shape) ?? compileInsert(tx, table, some, over);
      known.set(shape, compiled);
      const parameters = some.flatMap((row) => Object.values(row));
      await tx.executeQuery({ ...compiled, parameters });
    }
  }
}

function compileInsert<Table extends keyof Schema>(
  tx: Transaction<Schema>,
  table: Table,
  rows: readonly Insertable<Schema[Table]>[],
  over?: readonly (keyof Schema[Table] & string)[],
): CompiledQuery {
  const insert = tx.insertInto(table).values(rows);
  if (over === undefined) return insert.compile();
  const rest = Object.keys(rows[0] as object).filter((name) => !over.some((key) => key === name));
  const set = rest.map((name) => [name, sql.ref(`excluded.${name}`)]);
  return insert
    .onConflict((oc) => oc.columns(over).doUpdateSet(Object.fromEntries(set) as never))
    .compile();
}
