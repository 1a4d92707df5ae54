import { sql, type Expression, type SqlBool } from 'kysely';
import type { OfferingState } from '@berth/shared/offerings/machine';
import { pageFrom, pageSize, readCursor } from '../../db/page.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { ownOf, selectOwn, type Db } from './repo.ts';
import type { OfferingRow, OwnRow } from '../../db/offering-rows.ts';

const SORT = 'own';
const MAX_WORDS = 10;

export interface OwnFilter {
  state?: OfferingState | undefined;
  q?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

const searched = sql`lower(o.title || ' ' || coalesce(o.reference, '') || ' ' ||
  coalesce(o.gpu_model, '') || ' ' || o.city)`;

/** What a list of one's own offerings is narrowed by. */
const matches = ({ state, q }: Pick<OwnFilter, 'state' | 'q'>): Expression<SqlBool>[] => [
  ...(state === undefined ? [] : [sql<SqlBool>`o.state = ${state}`]),
  ...wordsOf(q).map(
    (word) => sql<SqlBool>`${searched} like lower(${likePattern(word)}) escape '\\'`,
  ),
];

/** One's own offerings that a list with this filter has, as they were made; at most so many. */
export async function listOwnMatching(
  db: Db,
  actor: AccountActor,
  filter: Pick<OwnFilter, 'state' | 'q'>,
  most: number,
): Promise<OfferingRow[]> {
  const rows = await ownOf(db, actor)
    .where((eb) => eb.and(matches(filter)))
    .selectAll('o')
    .orderBy('o.created_at')
    .orderBy('o.id')
    .limit(most)
    .execute();
  return rows as OfferingRow[];
}

/** A page of one's own offerings, latest change first. Throws `cursor.invalid`. */
export async function listOwnPage(db: Db, actor: AccountActor, filter: OwnFilter, now: string) {
  const limit = pageSize(filter.limit);
  const [after_at, after_id] = readCursor(SORT, ['time', 'text'], filter.cursor) ?? [];
  const rows = await selectOwn(db, actor, now)
    .where((eb) => eb.and(matches(filter)))
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

/** The words to look for; control characters part them, as the databases take none. */
const wordsOf = (q = ''): string[] =>
  q
    .split(/[\s\p{Cc}]+/u)
    .filter((word) => word !== '')
    .slice(0, MAX_WORDS);

/** The text anywhere, taken literally. */
const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
