import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { CompiledQuery, Dialect, QueryResult } from 'kysely';
import { SqliteDialect } from 'kysely';
import { problem } from '@berth/shared/problems';
import { takeTurns } from '../lib/turns.ts';
import { startCheckpoints } from './checkpoints.ts';
import type { Database, OpenOptions } from './database.ts';
import { makeEngine, makeReadHandle, refuseInsideWrite, runInTransaction } from './handle.ts';
import type { RunQuery } from './handle.ts';
import { isMoney, toNumber } from './rows.ts';
import { analyzeGrown } from './statistics.ts';

type Connection = InstanceType<typeof Sqlite>;
type Row = Record<string, unknown>;

const OWNER_ONLY = 0o600;
const ANYBODY = 0o777;
const MAX_STATEMENTS = 500;
/** Writes that share one commit, and so one fsync. */
const MAX_GROUP = 64;
/** How long the log may grow, 16 MiB, before a commit also carries it over into the file. */
const CHECKPOINT_PAGES = 4_000;
/** The same where a thread does that, 128 MiB: only for a thread that is far behind. */
const LATE_CHECKPOINT_PAGES = 32_000;
/** SQLite waits for another process's lock with the event loop stopped: so, only briefly. */
const LOCK_WAIT_MS = 20;
const LOCK_PAUSE_MS = 30;
const LOCK_ATTEMPTS = 40;

interface Job {
  work: (run: RunQuery) => Promise<unknown>;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/** Opens a SQLite file in WAL mode; every commit reaches the disk before it is acknowledged. */
export async function openSqlite(file: string, options: OpenOptions): Promise<Database> {
  keepPrivate(file);
  const writer = connect(file, false);
  const checkpoints =
    options.checkpoints_apart === true ? checkpointsOf(file, writer, options) : null;
  const reader = connect(file, true);
  const engine = makeEngine(dialectFor(writer));
  const queue = makeWriteQueue(writer, options.onLostWrite);
  const runScript = async (script: string) => {
    writer.exec(script);
  };
  return {
    dialect: 'sqlite',
    read: makeReadHandle(engine, readsOf(writer, reader)),
    write: (work) => queue.add((run) => runInTransaction(engine, run, (tx) => work(tx, runScript))),
    analyze: () => queue.add(async () => void analyzeGrown(writer)),
    async close() {
      await queue.close();
      await checkpoints?.stop();
      reader.close();
      writer.close();
    },
  };
}

/**
 * Only the owner reads and writes the file, made here where it is new, and those that SQLite puts
 * beside it, which take their mode from it; whatever the folder allows, and whatever was before.
 */
function keepPrivate(file: string): void {
  closeSync(openSync(file, 'a', OWNER_ONLY));
  for (const one of [file, `${file}-wal`, `${file}-shm`]) {
    const mode = statSync(one, { throwIfNoEntry: false })?.mode ?? OWNER_ONLY;
    if ((mode & ANYBODY) !== OWNER_ONLY) chmodSync(one, OWNER_ONLY);
  }
}

function checkpointsOf(file: string, writer: Connection, { log, onLostWrite }: OpenOptions) {
  writer.pragma(`wal_autocheckpoint = ${LATE_CHECKPOINT_PAGES}`);
  return startCheckpoints(file, (fault) => {
    if (isLost(fault.code)) onLostWrite(fault);
    else log.warn({ err: fault }, 'the log of the database could not be carried over');
  });
}

/**
 * Parameters are written `+?`. For a bare `?` in a join or a limit SQLite keeps watch on the value,
 * and as the driver clears values after each run, it would plan the statement anew for every run.
 */
function dialectFor(writer: Connection): Dialect {
  const dialect = new SqliteDialect({ database: writer });
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => dialect.createDriver(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () =>
      Object.assign(dialect.createQueryCompiler(), { getCurrentParameterPlaceholder: () => '+?' }),
  };
}

function connect(file: string, readonly: boolean): Connection {
  const connection = new Sqlite(file, { readonly, timeout: LOCK_WAIT_MS });
  connection.defaultSafeIntegers(true);
  if (!readonly) connection.pragma('journal_mode = WAL');
  // The driver falls back to NORMAL when it opens a WAL file for the second time.
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('temp_store = MEMORY');
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  const held = ['journal_mode', 'synchronous', 'foreign_keys'].map((name) =>
    String(connection.pragma(name, { simple: true })),
  );
  if (held.join() !== 'wal,2,1') {
    throw new Error(`SQLite did not keep WAL, synchronous=FULL and foreign keys: ${held.join()}`);
  }
  return connection;
}

/**
 * A commit empties the reader's page cache but not the writer's, so between transactions the writer
 * answers; while one is open the reader does, which sees only what was committed.
 */
function readsOf(writer: Connection, reader: Connection): RunQuery {
  const onWriter = queriesOf(writer, { readonly: true });
  const onReader = queriesOf(reader, { readonly: true });
  return (query) => (writer.inTransaction ? onReader(query) : onWriter(query));
}

interface Prepared {
  statement: Sqlite.Statement<unknown[], Row>;
  /** The columns that may need to become numbers; null for a statement that gives no rows. */
  integers: string[] | null;
}

/** Runs queries on a connection with a cache of prepared statements, oldest out. */
function queriesOf(connection: Connection, { readonly = false } = {}): RunQuery {
  const cache = new Map<string, Prepared>();
  const prepare = (sql: string): Prepared => {
    const known = cache.get(sql);
    if (known !== undefined) return known;
    const statement = connection.prepare<unknown[], Row>(sql);
    if (readonly && !statement.readonly) throw new Error('The read handle is read-only');
    const integers = statement.reader ? integerColumns(statement) : null;
    if (cache.size >= MAX_STATEMENTS) cache.delete(cache.keys().next().value ?? sql);
    cache.set(sql, { statement, integers });
    return { statement, integers };
  };
  return async ({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => {
    const { statement, integers } = prepare(sql);
    if (integers === null) {
      const { changes } = statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(changes) };
    }
    const rows = statement.all(...parameters);
    for (const row of rows) {
      for (const column of integers) {
        const value = row[column];
        if (typeof value === 'bigint') row[column] = toNumber(column, value);
      }
    }
    return { rows };
  };
}

const integerColumns = (statement: Sqlite.Statement<unknown[], Row>): string[] =>
  statement
    .columns()
    .filter(({ name, type }) => type !== 'TEXT' && !isMoney(name))
    .map(({ name }) => name);

/**
 * One writer, first come first served. Writes that wait together share a transaction, each in its
 * own savepoint, and are answered after the one commit.
 */
function makeWriteQueue(writer: Connection, onLostWrite: OpenOptions['onLostWrite']) {
  const run = queriesOf(writer);
  const controls = controlsOf(writer);
  const waiting: Job[] = [];
  let draining: Promise<void> | null = null;
  let closed = false;

  async function drain(): Promise<void> {
    do {
      // Requests join the group for as long as a turn of the loop reads more of them.
      let seen: number;
      do {
        seen = waiting.length;
        await nextTurn();
      } while (waiting.length > seen && waiting.length < MAX_GROUP);
      await runGroup(controls, run, waiting, onLostWrite);
    } while (waiting.length > 0);
    draining = null;
  }

  return {
    add<T>(work: (run: RunQuery) => Promise<T>): Promise<T> {
      refuseInsideWrite();
      if (closed) return Promise.reject(problem('service.busy', 'The service is stopping.'));
      return new Promise<T>((resolve, reject) => {
        waiting.push({ work, resolve, reject });
        draining ??= drain();
      });
    },
    async close(): Promise<void> {
      closed = true;
      await draining;
    },
  };
}

/** What begins and ends a transaction, prepared once: every write runs some of it. */
function controlsOf(writer: Connection) {
  const control = (sql: string) => {
    const statement = writer.prepare(sql);
    return () => void statement.run();
  };
  return {
    begin: control('BEGIN IMMEDIATE'),
    commit: control('COMMIT'),
    rollback: control('ROLLBACK'),
    save: control('SAVEPOINT job'),
    undo: control('ROLLBACK TO job'),
    release: control('RELEASE job'),
    isOpen: () => writer.inTransaction,
  };
}

type Controls = ReturnType<typeof controlsOf>;

async function runGroup(
  controls: Controls,
  run: RunQuery,
  waiting: Job[],
  onLostWrite: OpenOptions['onLostWrite'],
): Promise<void> {
  const answers: (() => void)[] = [];
  const members: Job[] = [];
  const turn = takeTurns();
  const runInTurns: RunQuery = async (query) => {
    await turn();
    return run(query);
  };
  try {
    await begin(controls);
    const isAlone = waiting.length === 1;
    do {
      const job = waiting.shift()!;
      members.push(job);
      answers.push(await (isAlone ? runAlone(runInTurns, job) : runJob(controls, runInTurns, job)));
    } while (!isAlone && waiting.length > 0 && members.length < MAX_GROUP);
    controls.commit();
  } catch (error) {
    if (controls.isOpen()) controls.rollback();
    const failed = members.length > 0 ? members : waiting.splice(0);
    for (const job of failed) job.reject(sqliteProblem(error));
    if (isLostWrite(error)) onLostWrite(error);
    return;
  }
  for (const answer of answers) answer();
}

/**
 * The only job of its group needs no savepoint, which would keep every page that it changes in
 * memory as it was: an import changes thousands.
 */
async function runAlone(run: RunQuery, job: Job): Promise<() => void> {
  const value = await job.work(run);
  return () => {
    job.resolve(value as never);
  };
}

/** Runs one job in its savepoint and answers after the commit. Throws when the group fell. */
async function runJob(controls: Controls, run: RunQuery, job: Job): Promise<() => void> {
  controls.save();
  try {
    const value = await job.work(run);
    controls.release();
    return () => {
      job.resolve(value as never);
    };
  } catch (error) {
    // A full disk or a failed write may have rolled back everything, not only this job.
    if (!controls.isOpen() || isLostWrite(error)) throw error;
    controls.undo();
    controls.release();
    return () => {
      job.reject(sqliteProblem(error));
    };
  }
}

async function begin(controls: Controls): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      controls.begin();
      return;
    } catch (error) {
      if (attempt === LOCK_ATTEMPTS || !codeOf(error).startsWith('SQLITE_BUSY')) throw error;
      await wait(LOCK_PAUSE_MS);
    }
  }
}

const codeOf = (error: unknown): string => (error instanceof Sqlite.SqliteError ? error.code : '');

/** Without space SQLite cannot grow the index of its log, which it reports as an I/O error. */
const isFull = (code: string) => code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE';

/** After a failed fsync a later commit may succeed on top of a page that is gone. */
const isLost = (code: string) => code.startsWith('SQLITE_IOERR') && !isFull(code);
export const isLostWrite = (error: unknown): boolean => isLost(codeOf(error));

function sqliteProblem(error: unknown): unknown {
  const code = codeOf(error);
  if (isFull(code)) return problem('service.disk_full');
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return problem('service.busy');
  }
  return error;
}
