import { hoursPerUnit, priceOf, type Price, type Rate } from '../price.ts';
import { ceilDiv } from '../money.ts';

/** A price with the same total by the hour and by a month of 720 hours, both rounded up. */
export interface SpreadPrice extends Price {
  hourly_e9s: bigint;
  monthly_e9s: bigint;
}

/** What a request of these hours is charged, and how it compares to other lengths. */
export function spreadPriceOf(rate: Rate, hours: number): SpreadPrice {
  const price = priceOf(rate, hours);
  return {
    ...price,
    hourly_e9s: ceilDiv(price.total_e9s, BigInt(hours)),
    monthly_e9s: ceilDiv(price.total_e9s * BigInt(hoursPerUnit.month), BigInt(hours)),
  };
}
