import { hourlyOf, priceOf, type Price, type Rate } from '@berth/shared/price';
import { formatMoney, roughly, type Currency } from '@berth/shared/money';
import type { OfferingItem } from '@berth/shared/offerings/schemas';

/** What an offering costs, as JSON has it. */
export type Priced = Pick<OfferingItem, 'price_e9s' | 'unit' | 'setup_fee_e9s' | 'currency'>;

export const rateOf = ({ price_e9s, unit, setup_fee_e9s }: Omit<Priced, 'currency'>): Rate => ({
  price_e9s: BigInt(price_e9s),
  unit,
  setup_fee_e9s: BigInt(setup_fee_e9s),
});

/** The same sum as the server's, for whole hours. */
export const totalFor = (priced: Omit<Priced, 'currency'>, hours: number): Price =>
  priceOf(rateOf(priced), hours);

export interface Equivalent {
  amount_e9s: bigint;
  /** Whether it is the price itself, not a share of a longer unit's. */
  is_exact: boolean;
}

/** The price of an hour: exact where that is the unit, else rounded up so that it can be read. */
export function hourlyFor({ price_e9s, unit }: Pick<Priced, 'price_e9s' | 'unit'>): Equivalent {
  if (unit === 'hour') return { amount_e9s: BigInt(price_e9s), is_exact: true };
  const exact_e9s = hourlyOf({ price_e9s: BigInt(price_e9s), unit });
  const amount_e9s = roughly(exact_e9s);
  return { amount_e9s, is_exact: false };
}

/** `≈ €0.0681` or `$2.40`. */
export function hourlyWords(priced: Pick<Priced, 'price_e9s' | 'unit' | 'currency'>): string {
  const { amount_e9s, is_exact } = hourlyFor(priced);
  return `${is_exact ? '' : '≈ '}${moneyWords(amount_e9s, priced.currency)}`;
}

export const moneyWords = (amount_e9s: bigint | string, currency: Currency): string =>
  formatMoney(BigInt(amount_e9s), currency);
