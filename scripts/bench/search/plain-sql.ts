/** The same searches as plain SQL: indexes a careful hand would make, and FTS5 for the words. */
import Sqlite from 'better-sqlite3';
import type { SearchSort } from '@berth/shared/market/schemas';
import { totalSql, type Search } from './cases.ts';

/** Beside the database: a copy that is plain SQL's own. */
export const PLAIN_FILE = 'plain.db';

const PUBLIC = `state = 'listed' AND visibility = 'public'`;

/** Partial, as every search is of what is listed. No index can hold the price of any hours. */
const INDEXES = `
CREATE INDEX bench_gpu ON offerings (gpu_model, gpu_count) WHERE ${PUBLIC};
CREATE INDEX bench_gpu_count ON offerings (gpu_count, commitment) WHERE ${PUBLIC};
CREATE INDEX bench_gpu_memory ON offerings (gpu_memory_gib) WHERE ${PUBLIC};
CREATE INDEX bench_kind ON offerings (kind, country, memory_gib) WHERE ${PUBLIC};
CREATE INDEX bench_sizes ON offerings (kind, disk_kind, vcpus, memory_gib) WHERE ${PUBLIC};
CREATE INDEX bench_country ON offerings (country, listed_at, id) WHERE ${PUBLIC};
CREATE INDEX bench_currency ON offerings (currency, kind, disk_gib) WHERE ${PUBLIC};
CREATE INDEX bench_newest ON offerings (listed_at DESC, id) WHERE ${PUBLIC};
CREATE VIRTUAL TABLE offering_words USING fts5(title, description, provider, gpu, cpu, city,
  content = '', tokenize = 'unicode61 remove_diacritics 2', prefix = '3');
INSERT INTO offering_words (rowid, title, description, provider, gpu, cpu, city)
  SELECT o.rowid, o.title, o.description, a.display_name || ' ' || a.handle, o.gpu_model,
    o.cpu_model, o.city
  FROM offerings o JOIN accounts a ON a.id = o.provider_id
  WHERE o.state = 'listed' AND o.visibility = 'public';
ANALYZE;`;

/** Makes the indexes and the table of words in plain SQL's copy. */
export function addPlainIndexes(file: string): void {
  const db = new Sqlite(file);
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -524288');
  db.pragma('temp_store = MEMORY');
  db.exec(INDEXES);
  db.close();
}

const comparing = ({ q }: Search): string => /currency:([A-Z]{3})/.exec(q)?.[1] ?? 'USD';

const orders: Partial<Record<SearchSort, (search: Search) => string>> = {
  price: (search) =>
    `(o.currency <> '${comparing(search)}'), o.currency, ${totalSql(search.hours)}, o.id`,
  newest: () => 'o.listed_at DESC, o.id',
  memory: () => 'coalesce(o.memory_gib, 0) DESC, o.id',
  reputation: () => 'coalesce(r.renters, 0) DESC, o.id',
};

/** The first page as SQL; null where no plain query ranks so. */
export function plainQuery(search: Search, sort: SearchSort, limit: number): string | null {
  const order = orders[sort]?.(search);
  if (order === undefined) return null;
  return `SELECT o.*, a.handle, a.display_name FROM offerings o
    JOIN accounts a ON a.id = o.provider_id
    LEFT JOIN provider_records r ON r.provider_id = o.provider_id
    WHERE o.state = 'listed' AND o.visibility = 'public'
      AND o.min_hours <= ${search.hours} AND o.max_hours >= ${search.hours} AND ${search.where}
    ORDER BY ${order} LIMIT ${limit}`;
}
