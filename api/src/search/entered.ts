/** What a query finds now that it did not find as it was. */
import type { ReadCtx } from '../context.ts';
import { findRates } from '../db/exchange-rates.ts';
import { findSearchRows } from '../db/search-rows.ts';
import { makeEngine } from './engine.ts';
import type { EnteredAsk } from './index-port.ts';
import { isInMarket, rowFrom, type SearchRow } from './row.ts';
import { presets } from '@berth/shared/market/rank';

/** An index of these rows alone, as they are and as they were: what both find has been there. */
export async function countEntered(
  { db }: Pick<ReadCtx, 'db'>,
  { query, currency, hours, before }: EnteredAsk,
  now_ms: number,
): Promise<number> {
  if (before.length === 0) return 0;
  const stored = await findSearchRows(
    db,
    before.map(({ offering_id }) => offering_id),
  );
  const rates = await findRates(db);
  const rows = new Map(stored.filter(isInMarket).map((row) => [row.id, rowFrom(row)]));
  const were = before.flatMap(({ offering_id, available, ...rate }): SearchRow[] => {
    const row = rows.get(offering_id);
    return row ? [{ ...row, ...rate, stock: available ? row.stock : 0 }] : [];
  });
  const found = (some: Iterable<SearchRow>): string[] => {
    const engine = makeEngine();
    engine.setRates(rates);
    for (const row of some) engine.put(row);
    const all = { limit: before.length, cursor: null };
    const { weights } = presets.best_value;
    const ask = { query, plain: null, currency, hours, sort: 'newest', weights, ...all } as const;
    return engine.search(ask, now_ms).items.map(({ id }) => id);
  };
  const known = new Set(found(were));
  return found(rows.values()).filter((id) => !known.has(id)).length;
}
