import { openLog, type Db, type SeenContract } from '../../db/contract-rows.ts';

/** A log in order, or the first `most` entries of it. */
export const listEntries = (db: Db, row: SeenContract, most?: number) =>
  openLog(db, row)
    .orderBy('h.seq')
    .$if(most !== undefined, (query) => query.limit(most ?? 0))
    .execute();
