/** Fills a migrated SQLite file with a large market: one transaction, so whole or not at all. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { analyzeGrown } from '../../../api/src/db/statistics.ts';
import { makeDraw } from './draw.ts';
import { pointRows, recordRow } from './history.ts';
import { makeInput } from './offering.ts';
import { makeProvider, shelves } from './provider.ts';
import { accountRows, offeringRows } from './rows.ts';

export const SEED = 1;

const CACHE_KIB = 1_048_576;

export interface LargeMarket {
  offerings: number;
  /** Decides everything that is left to chance. */
  seed: number;
  now_ms: number;
}

type Row = Readonly<Record<string, string | number | bigint | null>>;

/** Inserts rows of one table that all have the same fields in the same order. */
function inserter(db: Sqlite.Database, table: string): (row: object) => void {
  let insert: Sqlite.Statement<unknown[]> | undefined;
  return (row) => {
    insert ??= prepareInsert(db, table, Object.keys(row));
    insert.run(Object.values(row as Row));
  };
}

const prepareInsert = (db: Sqlite.Database, table: string, columns: readonly string[]) =>
  db.prepare<unknown[]>(
    `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map(() => '?').join()})`,
  );

/** Nobody else may have the file open. */
export async function fillLargeMarket(file: string, market: LargeMarket): Promise<void> {
  const db = new Sqlite(file);
  try {
    // A rollback journal holds what was there before, which is nothing; a log would hold it all.
    db.pragma('journal_mode = DELETE');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma(`cache_size = -${CACHE_KIB}`);
    db.exec('BEGIN');
    await insertAll(db, market);
    db.exec('COMMIT');
    db.pragma('journal_mode = WAL');
    analyzeGrown(db);
  } finally {
    db.close();
  }
}

async function insertAll(
  db: Sqlite.Database,
  { offerings, seed, now_ms }: LargeMarket,
): Promise<void> {
  const draw = makeDraw(seed);
  const insert = {
    account: inserter(db, 'accounts'),
    accountKey: inserter(db, 'account_keys'),
    keyEvent: inserter(db, 'account_key_events'),
    offering: inserter(db, 'offerings'),
    terms: inserter(db, 'offering_terms'),
    point: inserter(db, 'offering_points'),
    record: inserter(db, 'provider_records'),
  };
  for (const [at, shelf] of shelves(offerings).entries()) {
    // Lets a signal in.
    await nextTurn();
    const provider = makeProvider(draw, at, shelf);
    const { account, accountKey, keyEvent } = accountRows(provider, now_ms);
    insert.account(account);
    insert.accountKey(accountKey);
    insert.keyEvent(keyEvent);
    const record = recordRow(draw, provider);
    if (record) insert.record(record);
    for (let nth = 0; nth < shelf; nth += 1) {
      const rows = offeringRows(draw, provider, makeInput(draw, provider, nth), now_ms);
      insert.offering(rows.offering);
      insert.terms(rows.terms);
      for (const point of pointRows(draw, rows.offering)) insert.point(point);
    }
  }
}
