/** What rows cost in the comparing currency, where rates are known. */
import { convert, rateOf, type Rates } from '@berth/shared/rates/convert';
import type { Currency } from '@berth/shared/money';
import { addBits, keepBits, type Bits } from './bits.ts';
import type { Scope } from './filter.ts';
import type { Table } from './table.ts';

/** The rates by which currencies are compared. */
export interface KnownRates {
  date: string;
  source: string;
  per_euro_e9s: Rates;
  /** From then on they compare nothing; null where they are of no time. */
  expires_ms: number | null;
}

/** What amounts are compared in, and by what; without rates in that currency alone. */
export interface Comparing {
  currency: Currency;
  rates: KnownRates | null;
}

const NOTHING: Rates = {};

export const currencyAt = ({ dictionaries }: Pick<Table, 'dictionaries'>, code: number): Currency =>
  (dictionaries.currency.items[code]?.text ?? 'USD') as Currency;

/** How many units of a currency, and of the comparing one, are worth the same; null: not known. */
export function ratioOf(own: Currency, { currency, rates }: Comparing) {
  if (own === currency) return { own: 1n, other: 1n };
  const known = rates?.per_euro_e9s;
  const [from, to] = known ? [rateOf(known, own), rateOf(known, currency)] : [null, null];
  return from === null || to === null ? null : { own: from, other: to };
}

/** What one unit of a currency is in the comparing one; 1 where no rate is known. */
export function factorOf(own: Currency, comparing: Comparing): number {
  const ratio = ratioOf(own, comparing);
  return ratio === null ? 1 : Number(ratio.other) / Number(ratio.own);
}

/** By the code of a currency, what one unit of it is in the comparing one; NaN: not known. */
export const factorsOf = (table: Pick<Table, 'dictionaries'>, comparing: Comparing) =>
  Float64Array.from(table.dictionaries.currency.items, (item, code) => {
    const ratio = item === null ? null : ratioOf(currencyAt(table, code), comparing);
    return ratio === null ? NaN : Number(ratio.other) / Number(ratio.own);
  });

/** An amount in the comparing currency, in integers; as it is where no rate is known. */
export const worthOf = (amount_e9s: bigint, own: Currency, { currency, rates }: Comparing) =>
  convert(amount_e9s, { from: own, to: currency }, rates?.per_euro_e9s ?? NOTHING) ?? amount_e9s;

/** Keeps the rows of these currencies. */
export function keepCurrencies({ table, pool }: Scope, rows: Bits, codes: readonly number[]): void {
  const found = pool.take().fill(0);
  for (const code of codes) {
    const held = table.holders.currency[code];
    if (held) addBits(found, held);
  }
  keepBits(rows, found);
  pool.give(found);
}

/** The codes of the currencies whose amounts compare. */
export const comparableCodes = ({ table, comparing }: Scope): number[] =>
  [...factorsOf(table, comparing)].flatMap((factor, code) => (Number.isNaN(factor) ? [] : [code]));
