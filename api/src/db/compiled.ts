import { PostgresAdapter, sql } from 'kysely';
import type {
  AliasedExpression,
  Compilable,
  CompiledQuery,
  DialectAdapter,
  Expression,
  Insertable,
  Kysely,
  QueryResult,
  Transaction,
} from 'kysely';
import type { Schema } from './schema.ts';

type Db = Kysely<Schema>;
/** A value, or what stands for it while a query is compiled. */
export type Operand<T> = T | Expression<T>;

/** What a builder is given: places in the query, which have no value yet to look at. */
export type Slots<Given> = { readonly [Name in keyof Given]: Expression<Given[Name]> };

/** Stands among the parameters for a value that each call brings. */
interface Slot {
  slot: string;
}

/** Compiles every query that was built once: what requests ask most, for tests of their plans. */
export const compiledOnce: ((db: Db) => CompiledQuery)[] = [];

/**
 * A query that is built and compiled once for each database: a call only fills in its values. For
 * what every request asks; building a query takes longer than SQLite takes to answer it. The first
 * call throws where the query would be another one for other values.
 */
export function compileOnce<Given extends object, Row>(
  build: (db: Db, given: Slots<Given>) => Compilable<Row>,
): (db: Db, given: Given) => Promise<QueryResult<Row>> {
  const known = new WeakMap<DialectAdapter, CompiledQuery<Row>>();
  const compile = (db: Db): CompiledQuery<Row> => {
    const compiled = build(db, slotsOf(slotFor)).compile();
    if (
      build(
        db,
        slotsOf(() => null as never),
      ).compile().sql !== compiled.sql
    )
      throw branched();
    return compiled;
  };
  compiledOnce.push(compile);
  return (db, given) => {
    const { adapter } = db.getExecutor();
    const compiled = known.get(adapter) ?? compile(db);
    known.set(adapter, compiled);
    const parameters = compiled.parameters.map((one) =>
      isSlot(one) ? (given as Record<string, unknown>)[one.slot] : one,
    );
    return db.executeQuery<Row>({ ...compiled, parameters });
  };
}

const slotsOf = <Given extends object>(make: (name: string) => Expression<never>) =>
  new Proxy({} as Slots<Given>, { get: (_, name) => make(String(name)) });

/** Types refuse to compare it with a value; this refuses `<`, `+` and texts made of it. */
const slotFor = (name: string): Expression<never> =>
  Object.assign(sql<never>`${{ slot: name } satisfies Slot}`, {
    [Symbol.toPrimitive]: () => {
      throw branched();
    },
  });

const branched = () =>
  new Error('A query that is compiled once may not depend on the values that it is given');

const isSlot = (value: unknown): value is Slot =>
  typeof value === 'object' && value !== null && 'slot' in value;

/** What a query about ids reads first: they are its only column. */
type Wanted = AliasedExpression<{ value: string }, 'wanted'>;

/**
 * The same for a query about ids, as many as there are: its rows come in no order. It reads from
 * `wanted` and cross joins the rest, which SQLite takes in the order that is written: so the ids
 * lead, whatever the statistics say.
 */
export function compileForIds<Given extends object, Row>(
  build: (db: Db, wanted: Wanted, given: Slots<Given>) => Compilable<Row>,
): (db: Db, ids: readonly string[], given: Given) => Promise<Row[]> {
  const ask = compileOnce<Given & { ids: string }, Row>((db, given) =>
    build(db, wantedFrom(db, given.ids), given),
  );
  return async (db, ids, given) => {
    if (ids.length === 0) return [];
    return (await ask(db, { ...given, ids: JSON.stringify([...new Set(ids)]) })).rows;
  };
}

const wantedFrom = (db: Db, ids: Expression<string>): Wanted =>
  db.getExecutor().adapter instanceof PostgresAdapter
    ? sql<{ value: string }>`json_array_elements_text(${ids}::json)`.as<'wanted'>(
        sql`wanted (value)`,
      )
    : sql<{ value: string }>`json_each(${ids})`.as('wanted');

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
      const parameters = some.flatMap((row) => valuesOf(row, columns));
      await tx.executeQuery({ ...compiled, parameters });
    }
  }
}

/** In the order of the columns, whatever the order of a row's own. */
function valuesOf(row: object, columns: readonly string[]): unknown[] {
  const values = columns.map((name) => (row as Record<string, unknown>)[name]);
  if (Object.keys(row).length !== columns.length || values.includes(undefined)) {
    throw new Error(`Rows that are inserted together have the same columns: ${columns.join()}`);
  }
  return values;
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
