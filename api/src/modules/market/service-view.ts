import type * as z from 'zod';
import { spreadPriceOf } from '@berth/shared/market/price';
import { criteria, type priceView, type searchItem } from '@berth/shared/market/schemas';
import type { Currency } from '@berth/shared/money';
import type { Offering } from '@berth/shared/offerings/schemas';
import { anonymous } from '../../lib/actor.ts';
import type { Ranking } from '../../search/index-port.ts';
import { listViews } from '../catalogue/index.ts';
import type { ReadCtx } from '../../context.ts';

export type Reads = Pick<ReadCtx, 'db' | 'clock' | 'log' | 'search'>;

export const fitsHours = ({ min_hours, max_hours }: Offering, hours: number): boolean =>
  min_hours <= hours && hours <= max_hours;

/** What renting for these hours is charged; comparable where the currencies are the same. */
export const priceFor = (
  { currency, ...rate }: Pick<Offering, 'price_e9s' | 'unit' | 'setup_fee_e9s' | 'currency'>,
  hours: number,
  compared: Currency,
): z.output<typeof priceView> => ({
  ...spreadPriceOf(rate, hours),
  comparable: currency === compared,
});

/**
 * What was found, as it is now and in that order; what has left the market since, or is no longer
 * rented for these hours, is left out.
 */
export async function itemsOf(
  ctx: Pick<Reads, 'db' | 'clock' | 'log'>,
  found: readonly { id: string; ranking: Ranking | null }[],
  { hours, currency }: { hours: number; currency: Currency },
): Promise<z.output<typeof searchItem>[]> {
  const ids = found.map(({ id }) => id);
  const shown = new Map((await listViews(ctx, anonymous, ids)).map((one) => [one.id, one]));
  return found.flatMap(({ id, ranking }) => {
    const offering = shown.get(id);
    if (offering?.visibility !== 'public' || !fitsHours(offering, hours)) return [];
    const price = priceFor(offering, hours, currency);
    return [{ ...offering, price, rank: ranking && rankOf(ranking) }];
  });
}

const rankOf = ({ place, closeness, criteria: parts, price_cut_percent }: Ranking) => ({
  place,
  closeness,
  criteria: criteria.flatMap((criterion, at) => {
    const part = parts[at];
    return part === undefined ? [] : [{ criterion, ...part }];
  }),
  counterfactual: price_cut_percent === null ? null : { price_cut_percent },
});
