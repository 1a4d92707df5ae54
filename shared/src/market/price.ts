import { hoursPerUnit, priceOf, type Price, type Rate } from '../price.ts';
import { ceilDiv, type Currency } from '../money.ts';
import { convert, type Rates } from '../rates/convert.ts';

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

/** A spread price as a search shows it, and what it is about in the currency of the search. */
export function seenPriceOf(
  { currency, ...rate }: Rate & { currency: Currency },
  hours: number,
  compared: Currency,
  rates: Rates | null,
) {
  const price = spreadPriceOf(rate, hours);
  const about = (amount_e9s: bigint) =>
    convert(amount_e9s, { from: currency, to: compared }, rates ?? {});
  const [total_e9s, hourly_e9s, monthly_e9s] = [
    price.total_e9s,
    price.hourly_e9s,
    price.monthly_e9s,
  ].map(about);
  const isOther = currency !== compared;
  return {
    ...price,
    comparable: total_e9s != null,
    converted:
      isOther && total_e9s != null && hourly_e9s != null && monthly_e9s != null
        ? { currency: compared, total_e9s, hourly_e9s, monthly_e9s }
        : null,
  };
}
