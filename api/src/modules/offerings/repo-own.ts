import { sql, type SqlBool } from 'kysely';
import { idPattern } from '@berth/shared/ids';
import type { OfferingState } from '@berth/shared/offerings/machine';
import { problem } from '@berth/shared/problems';
import { pageFrom, pageSize, readCursor } from '../../db/page.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { selectOwn, type Db, type OwnRow } from './repo.ts';
import { isIsoTime, likePattern, wordsOf } from './repo-search.ts';

const SORT = 'own';

export interface OwnFilter {
  state?: OfferingState | undefined;
  q?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

const searched = sql`lower(o.title || ' ' || coalesce(o.reference, '') || ' ' ||
  coalesce(o.gpu_model, '') || ' ' || o.city)`;

/** A page of one's own offerings, latest change first. Throws `cursor.invalid`. */
export async function listOwnPage(db: Db, actor: AccountActor, filter: OwnFilter, now: string) {
  const limit = pageSize(filter.limit);
  const [after_at, after_id] = readKey(filter.cursor) ?? [];
  const rows = await selectOwn(db, actor, now)
    .$if(filter.state !== undefined, (query) => query.where('o.state', '=', filter.state ?? ''))
    .where((eb) =>
      eb.and(
        wordsOf(filter.q).map(
          (word) => sql<SqlBool>`${searched} like lower(${likePattern(word)}) escape '\\'`,
        ),
      ),
    )
    .$if(after_at !== undefined, (query) =>
      query.where(sql<SqlBool>`(o.updated_at, o.id) < (${after_at}, ${after_id})`),
    )
    .orderBy('o.updated_at', 'desc')
    .orderBy('o.id', 'desc')
    .limit(limit + 1)
    .execute();
  const keyOf = ({ updated_at, id }: OwnRow) => [updated_at, id];
  return pageFrom(rows as OwnRow[], limit, SORT, keyOf, (row) => row);
}

function readKey(cursor: string | undefined): [string, string] | null {
  const key = readCursor(SORT, 2, cursor);
  if (key === null) return null;
  const [at, id] = key;
  if (isIsoTime(at) && typeof id === 'string' && idPattern('offering').test(id)) return [at, id];
  throw problem('cursor.invalid', 'Leave the cursor out to start from the first page.');
}
