/** The marketplace's search. Nothing outside this file knows how it finds and ranks. */
import { sql, type ExpressionBuilder, type Expression, type SqlBool } from 'kysely';
import { idPattern } from '@berth/shared/ids';
import { MAX_AMOUNT_E9S } from '@berth/shared/money';
import {
  MAX_FACET_VALUES,
  type offeringSorts,
  type SearchQuery,
} from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import { pageFrom, pageSize, readCursor, type PageKey } from '../../db/page.ts';
import type { Schema } from '../../db/schema.ts';
import { ruleHours, type Db, type ShownRow } from './repo.ts';

/** A search with its limit of the hourly price read: e9s, null without one. */
export type Search = Omit<SearchQuery, 'max_hourly'> & { max_hourly_e9s: bigint | null };
type Sort = (typeof offeringSorts)[number];

const DEFAULT_SORT: Sort = 'price';
const MAX_WORDS = 10;

type Tables = Schema & { o: Schema['offerings']; a: Schema['accounts'] };
type Eb = ExpressionBuilder<Tables, 'o' | 'a'>;
type Column = 'hourly_e9s' | 'listed_at' | 'memory_gib' | 'gpu_memory_gib';

const sorts: Record<Sort, { column: Column; order: 'asc' | 'desc' }> = {
  price: { column: 'hourly_e9s', order: 'asc' },
  price_desc: { column: 'hourly_e9s', order: 'desc' },
  newest: { column: 'listed_at', order: 'desc' },
  memory: { column: 'memory_gib', order: 'desc' },
  gpu_memory: { column: 'gpu_memory_gib', order: 'desc' },
};

const beyond = { asc: sql`>`, desc: sql`<` };

const listed = (db: Db) =>
  db
    .selectFrom('offerings as o')
    .innerJoin('accounts as a', 'a.id', 'o.provider_id')
    .where('o.state', '=', 'listed')
    .where('o.visibility', '=', 'public');

/** One page of what matches, and how much matches in all. Throws `cursor.invalid`. */
export async function searchOfferings(db: Db, search: Search, now: string) {
  const sort = search.sort ?? DEFAULT_SORT;
  const { column, order } = sorts[sort];
  const after = readKey(sort, search.cursor);
  const limit = pageSize(search.limit);
  const matching = () => listed(db).where((eb) => eb.and(conditions(eb, search, now)));
  const key = sortKey(column);
  const page = matching()
    .$if(after !== null, (query) =>
      query.where(sql<SqlBool>`(${key}, o.id) ${beyond[order]} (${after?.[0]}, ${after?.[1]})`),
    )
    .selectAll('o')
    .select(['a.handle', 'a.display_name'])
    .select((eb) => ruleHours(eb, now).as('auto_accept_hours'))
    .orderBy(key, order)
    .orderBy('o.id', order)
    .limit(limit + 1)
    .execute();
  const counted = matching()
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const [rows, { total }] = await Promise.all([page, counted]);
  const keyOf = (row: ShownRow): PageKey => [row[column] ?? 0, row.id];
  return { ...pageFrom(rows as ShownRow[], limit, sort, keyOf, (row) => row), total };
}

/** The values among all that are listed, most frequent first. */
export async function findFacets(db: Db) {
  const facet = async (column: 'kind' | 'gpu_model' | 'country') => {
    const rows = await listed(db)
      .where(`o.${column}`, 'is not', null)
      .groupBy(`o.${column}`)
      .select((eb) => [eb.ref(`o.${column}`).as('value'), eb.fn.countAll<number>().as('count')])
      .orderBy('count', 'desc')
      .orderBy('value')
      .limit(MAX_FACET_VALUES)
      .execute();
    return rows as { value: string; count: number }[];
  };
  const [kind, gpu_model, country] = await Promise.all([
    facet('kind'),
    facet('gpu_model'),
    facet('country'),
  ]);
  return { kind, gpu_model, country };
}

/** What is not said sorts as zero; price and time are always there and keep their index. */
const sortKey = (column: Column) =>
  column === 'hourly_e9s' || column === 'listed_at'
    ? sql.ref(`o.${column}`)
    : sql`coalesce(${sql.ref(`o.${column}`)}, 0)`;

/** A cursor comes from outside: its values must be what the sort's columns can hold. */
function readKey(sort: Sort, cursor: string | undefined): PageKey | null {
  const key = readCursor(sort, 2, cursor);
  if (key === null) return null;
  const [value, id] = key;
  const fits = {
    hourly_e9s: typeof value === 'bigint' && value <= MAX_AMOUNT_E9S,
    listed_at: isIsoTime(value),
    memory_gib: typeof value === 'number',
    gpu_memory_gib: typeof value === 'number',
  }[sorts[sort].column];
  if (!fits || typeof id !== 'string' || !idPattern('offering').test(id)) {
    throw problem('cursor.invalid', 'Leave the cursor out to start from the first page.');
  }
  return key;
}

function conditions(eb: Eb, search: Search, now: string): Expression<SqlBool>[] {
  const { max_hourly_e9s, hours } = search;
  return [
    ...wordsOf(search.q).map(matches),
    ...(search.kind ? [eb('o.kind', 'in', search.kind)] : []),
    ...(search.gpu_model ? [eb('o.gpu_model', 'in', search.gpu_model)] : []),
    ...(search.country ? [eb('o.country', 'in', search.country)] : []),
    ...(search.virtualization ? [eb('o.virtualization', 'in', search.virtualization)] : []),
    ...(search.provider === undefined ? [] : [eb('a.handle', '=', search.provider)]),
    ...(search.currency ? [eb('o.currency', '=', search.currency)] : []),
    ...leasts(eb, search),
    ...(max_hourly_e9s === null ? [] : [eb('o.hourly_e9s', '<=', max_hourly_e9s)]),
    ...(hours === undefined
      ? []
      : [eb('o.min_hours', '<=', hours), eb('o.max_hours', '>=', hours)]),
    ...(search.in_stock ? [eb('o.stock', '>', 0)] : []),
    ...(search.auto_accept ? [eb.exists(ruleHours(eb, now))] : []),
  ];
}

/** PostgreSQL refuses a fraction beside an integer column; a least of 1.5 is one of 2 there. */
function leasts(eb: Eb, search: Search): Expression<SqlBool>[] {
  const least = (column: keyof Schema['offerings'], value: number | undefined) =>
    value === undefined ? [] : [eb(`o.${column}`, '>=', value)];
  const whole = (value: number | undefined) => (value === undefined ? value : Math.ceil(value));
  return [
    ...least('gpu_count', whole(search.min_gpu_count)),
    ...least('gpu_memory_gib', search.min_gpu_memory_gib),
    ...least('vcpus', whole(search.min_vcpus)),
    ...least('memory_gib', search.min_memory_gib),
    ...least('disk_gib', search.min_disk_gib),
    ...least('uplink_mbps', whole(search.min_uplink_mbps)),
  ];
}

export const isIsoTime = (value: unknown): value is string =>
  typeof value === 'string' && /^[\d:.TZ-]{24}$/.test(value);

/** The words to look for; control characters part them, as the databases take none. */
export const wordsOf = (q = ''): string[] =>
  q
    .split(/[\s\p{Cc}]+/u)
    .filter((word) => word !== '')
    .slice(0, MAX_WORDS);

const searched = sql`lower(o.title || ' ' || coalesce(o.gpu_model, '') || ' ' || o.city || ' ' ||
  a.display_name || ' ' || a.handle || ' ' || o.description)`;

const matches = (word: string): Expression<SqlBool> =>
  sql<SqlBool>`${searched} like lower(${likePattern(word)}) escape '\\'`;

/** The text anywhere, taken literally. */
export const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
