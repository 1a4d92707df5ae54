/**
 * What the planner of SQLite knows of how many rows there are. PostgreSQL's autovacuum keeps the
 * same by itself.
 */
import type Sqlite from 'better-sqlite3';

/** Entries of an index that are looked at for how many are alike; whole rows are only counted. */
const ANALYSIS_LIMIT = 1_000;
/** `PRAGMA optimize` for all tables, that only says what it would do. */
const WOULD_DO = 0x10003;

/** Connections read the statistics with the schema, and only where that has changed. */
const TOUCH_SCHEMA = `CREATE TABLE IF NOT EXISTS statistics_changed (at TEXT);
DROP TABLE statistics_changed;`;

type Connection = InstanceType<typeof Sqlite>;

/**
 * Analyzes the tables without statistics and those that have grown or shrunk tenfold, each in a
 * transaction of its own unless one is open; answers how many. Every connection to the file reads
 * what was found before its next statement.
 */
export function analyzeGrown(connection: Connection): number {
  connection.pragma(`analysis_limit = ${ANALYSIS_LIMIT}`);
  const wanted = connection.pragma(`optimize(${WOULD_DO})`) as { optimize: string }[];
  let analyzed = 0;
  for (const { optimize: statement } of wanted) {
    const table = /^ANALYZE "main"\.("(?:[^"]|"")+")$/.exec(statement)?.[1];
    // An empty table gets no statistics, so it would be analyzed each time.
    if (table === undefined || isEmpty(connection, table)) continue;
    connection.exec(statement);
    analyzed += 1;
  }
  if (analyzed > 0) connection.exec(TOUCH_SCHEMA);
  return analyzed;
}

const isEmpty = (connection: Connection, table: string): boolean =>
  connection.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined;
