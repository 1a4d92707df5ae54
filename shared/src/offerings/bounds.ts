import { counted } from '../count.ts';
import { largestPriceOf, type Rate } from '../price.ts';
import { formatMoney, type Currency } from '../money.ts';
import { unitWords } from './catalogue.ts';

/**
 * Why this price cannot be offered for so long, with the largest that can: what the longest hours
 * cost fits what a contract holds. Null where it does.
 */
export function refusePrice(
  offering: Rate & { currency: Currency; max_hours: number },
): string | null {
  const { price_e9s, unit, currency, max_hours } = offering;
  const largest_e9s = largestPriceOf(offering, max_hours);
  if (price_e9s <= largest_e9s) return null;
  const most = `${formatMoney(largest_e9s, currency)} ${unitWords[unit].per}`;
  return `For ${counted(max_hours, 'hour')} the price is at most ${most}`;
}
