import { openLog, type Db, type SeenContract, type Side } from '../../db/contract-rows.ts';

/** A log in order, or the first `most` entries of it. */
export const listEntries = (db: Db, row: SeenContract, reader: Side | 'system', most?: number) =>
  openLog(db, row, reader)
    .orderBy('h.seq')
    .$if(most !== undefined, (query) => query.limit(most ?? 0))
    .execute();
