import { MAX_HOURS } from '@berth/shared/price';
import { SEARCH_HOURS } from '@berth/shared/market/schemas';

/** The hours that an address asks prices for; a month where it asks for none that can be. */
export function readHours(asked: string | null): number {
  const hours = Number(asked ?? '');
  return Number.isInteger(hours) && hours > 0 && hours <= MAX_HOURS ? hours : SEARCH_HOURS;
}
