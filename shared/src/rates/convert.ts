/**
 * What currencies are worth, for comparing and showing. What is signed and charged is never
 * converted. A rate is how many 10^-9 units of a currency one euro is.
 */
import type { Currency } from '../money.ts';

export type Rates = Readonly<Partial<Record<Currency, bigint>>>;

const EURO_E9S = 1_000_000_000n;

/** What one euro is in a currency; null where no rate is known. */
export const rateOf = (rates: Rates, currency: Currency): bigint | null =>
  currency === 'EUR' ? EURO_E9S : (rates[currency] ?? null);

/** An amount of one currency in another, in integers, rounded half up; null without both rates. */
export function convert(
  amount_e9s: bigint,
  { from, to }: { from: Currency; to: Currency },
  rates: Rates,
): bigint | null {
  if (from === to) return amount_e9s;
  const [own, other] = [rateOf(rates, from), rateOf(rates, to)];
  return own === null || other === null ? null : (amount_e9s * other + own / 2n) / own;
}
