/** Keeps an index in step with the database: a full read, then changes. */
import type { ReadCtx } from '../context.ts';
import { findRates } from '../db/exchange-rates.ts';
import {
  findSearchRows,
  lastNewsId,
  listOfferingNews,
  listSearchRows,
  listUntold,
  type StoredSearchRow,
} from '../db/search-rows.ts';
import { shownOf, type ErrorLog } from '../lib/shown.ts';
import type { Engine } from './engine.ts';
import { isInMarket, rowFrom } from './row.ts';

/** Rows that are read at once when all are, and so few beside searches that none waits for them. */
const CHUNK = 2_000;
const ROUND = 150;
const MAX_IDS = 500;
const MAX_NEWS = 1_000;

export interface Follower {
  /** Reads every offering; what changes meanwhile is read again. */
  build(): Promise<void>;
  /** Reads what has changed since, and resolves when the engine knows it. */
  catchUp(): Promise<void>;
  /**
   * Reads the next few of all offerings again: what nobody tells of, such as a provider's record,
   * its name or the key that signed a rule, is seen as it comes round.
   */
  comeRound(): Promise<void>;
  refresh(ids: readonly string[]): Promise<void>;
}

export function makeFollower(
  { db, log }: Pick<ReadCtx, 'db'> & { log: ErrorLog },
  engine: Engine,
): Follower {
  let told_id = 0;
  let round_id = '';
  // One at a time, so that no older reading is written over a newer one.
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
  const readChunk = async (limit: number): Promise<boolean> => {
    const rows = await listSearchRows(db, round_id, limit);
    shownOf(log, rows, (row) => take(engine, row));
    round_id = rows.length < limit ? '' : (rows.at(-1)?.id ?? '');
    return rows.length === limit;
  };
  const readAgain = async (ids: readonly string[]) => {
    const wanted = [...new Set(ids)];
    for (let from = 0; from < wanted.length; from += MAX_IDS) {
      const some = wanted.slice(from, from + MAX_IDS);
      const rows = await findSearchRows(db, some);
      const found = new Set(rows.map(({ id }) => id));
      shownOf(log, rows, (row) => take(engine, row));
      for (const id of some) if (!found.has(id)) engine.remove(id);
    }
  };
  const catchUp = async () => {
    for (let more = true; more;) {
      const news = await listOfferingNews(db, told_id, MAX_NEWS);
      await readAgain(news.ids);
      told_id = news.last_id;
      ({ more } = news);
    }
    await readAgain(await listUntold(db, MAX_NEWS));
    engine.setRates(await findRates(db));
  };
  return {
    build: () =>
      alone(async () => {
        told_id = await lastNewsId(db);
        while (await readChunk(CHUNK));
        engine.settle();
        await catchUp();
      }),
    catchUp: () => alone(catchUp),
    comeRound: () => alone(() => readChunk(ROUND)).then(() => undefined),
    refresh: (ids) => alone(() => readAgain(ids)),
  };
}

function take(engine: Engine, row: StoredSearchRow): void {
  if (isInMarket(row)) engine.put(rowFrom(row));
  else engine.remove(row.id);
}
