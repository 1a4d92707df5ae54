import { offeringMachine } from '@berth/shared/offerings/machine';
import { MAX_SEQ } from '@berth/shared/signing/statement';
import { readCursor } from '../../db/page.ts';
import type { Seen } from '../../lib/actor.ts';
import type { Db } from '../../db/database.ts';
import type { OfferingRow } from '../../db/offering-rows.ts';

/** The order of a page of history, as its cursor names it. */
export const SORT = 'seq';

/** An own offering's log, the newest entry first; one more than asked for, to compare with. */
export function listHistory(
  db: Db,
  { id }: Seen<OfferingRow>,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
) {
  const end = readCursor(SORT, ['integer'], cursor)?.[0] ?? MAX_SEQ + 1;
  return db
    .selectFrom('log as h')
    .leftJoin('accounts as a', 'a.id', 'h.by')
    .where('h.subject_kind', '=', offeringMachine.name)
    .where('h.subject_id', '=', id)
    .where('h.seq', '<', end)
    .orderBy('h.seq', 'desc')
    .limit(limit + 1)
    .select(['h.seq', 'h.action', 'h.from_state', 'h.to_state', 'h.role', 'h.at', 'h.memo'])
    .select(['h.statement', 'h.hash', 'a.display_name'])
    .execute();
}
