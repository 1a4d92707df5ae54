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
