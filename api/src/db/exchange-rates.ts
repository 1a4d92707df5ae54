/** The rates by which currencies are compared now. */
import { currencies, type Currency } from '@berth/shared/money';
import { compileOnce } from './compiled.ts';
import type { Db } from './database.ts';

const selectLatest = compileOnce((db) =>
  db
    .selectFrom('exchange_rates as r')
    .where('r.date', '=', (eb) =>
      eb.selectFrom('exchange_rates').select(({ fn }) => fn.max('date').as('date')),
    )
    .orderBy('r.currency')
    .select(['r.date', 'r.currency', 'r.per_euro_e9s', 'r.source', 'r.expires_at']),
);

/** Those of the latest day, expired or not; null before the first. */
export async function findRates(db: Db) {
  const { rows } = await selectLatest(db, {});
  const [first] = rows;
  if (first === undefined) return null;
  const { date, source, expires_at } = first;
  const known = rows.flatMap((row): [Currency, bigint][] => {
    const currency = currencies.find((one) => one === row.currency);
    return currency === undefined ? [] : [[currency, row.per_euro_e9s]];
  });
  const expires_ms = expires_at === null ? null : Date.parse(expires_at);
  return { date, source, expires_ms, per_euro_e9s: Object.fromEntries(known) };
}
