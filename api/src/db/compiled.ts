import type { Compilable, CompiledQuery, DialectAdapter, Kysely, QueryResult } from 'kysely';
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
