import { AsyncLocalStorage } from 'node:async_hooks';
import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  DialectAdapter,
  Driver,
  KyselyProps,
  QueryCompiler,
  QueryResult,
} from 'kysely';
import { DefaultQueryExecutor, Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** Runs one compiled query on one connection, rows already converted. */
export type RunQuery = (query: CompiledQuery) => Promise<QueryResult<unknown>>;

/** A write that is running now, as its own asynchronous calls see it. */
interface Running {
  open: boolean;
}

const running = new AsyncLocalStorage<Running>();

/** Throws where `read` or `write` is used inside a write: that would hang or read the past. */
export function refuseInsideWrite(): void {
  if (running.getStore()?.open === true) {
    throw new Error('Inside a write use only its tx');
  }
}

/** What the handles of one database share. */
export interface Engine {
  dialect: Dialect;
  adapter: DialectAdapter;
  compiler: QueryCompiler;
}

export const makeEngine = (dialect: Dialect): Engine => ({
  dialect,
  adapter: dialect.createAdapter(),
  compiler: dialect.createQueryCompiler(),
});

/** Makes the handle for reads; each query takes its own way to the database. */
export function makeReadHandle(engine: Engine, run: RunQuery): Kysely<Schema> {
  return new Kysely<Schema>(
    propsOf(engine, async (query) => {
      refuseInsideWrite();
      return run(query);
    }),
  );
}

/** Calls `work` with a transaction handle that answers until `work` has settled, and no longer. */
export async function runInTransaction<T>(
  engine: Engine,
  run: RunQuery,
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  const state: Running = { open: true };
  const tx = new Transaction<Schema>(
    propsOf(engine, async (query) => {
      if (!state.open) throw new Error('This transaction has ended; await everything inside it');
      return run(query);
    }),
  );
  try {
    return await running.run(state, () => work(tx));
  } finally {
    state.open = false;
  }
}

function propsOf({ dialect, adapter, compiler }: Engine, run: RunQuery): KyselyProps {
  const connection: DatabaseConnection = {
    executeQuery: run as DatabaseConnection['executeQuery'],
    streamQuery: () => {
      throw new Error('Read page by page instead of streaming');
    },
  };
  const executor = new DefaultQueryExecutor(compiler, adapter, {
    provideConnection: (consumer) => consumer(connection),
  });
  return { config: { dialect }, dialect, driver: noDriver, executor };
}

const refuse = (): Promise<never> => Promise.reject(new Error('Begin a write with database.write'));

/** Connections and transactions are ours; Kysely only builds the queries. */
const noDriver: Driver = {
  init: refuse,
  acquireConnection: refuse,
  beginTransaction: refuse,
  commitTransaction: refuse,
  rollbackTransaction: refuse,
  releaseConnection: refuse,
  destroy: refuse,
};
