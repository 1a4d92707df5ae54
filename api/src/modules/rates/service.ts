import type * as z from 'zod';
import type { ratesView } from '@berth/shared/rates/schemas';
import type { Currency } from '@berth/shared/money';
import type { ReadCtx } from '../../context.ts';
import { findRates } from '../../db/exchange-rates.ts';

/** The sheet by which prices are compared now; none while there is none that is new enough. */
export async function showRates({
  db,
  clock,
}: Pick<ReadCtx, 'db' | 'clock'>): Promise<z.output<typeof ratesView>> {
  const found = await findRates(db);
  if (found === null || clock.nowMs() >= (found.expires_ms ?? Infinity)) return { sheet: null };
  const { date, source, per_euro_e9s } = found;
  const items = Object.entries(per_euro_e9s) as [Currency, bigint][];
  return {
    sheet: {
      ...{ date, source },
      per_euro: items.map(([currency, amount_e9s]) => ({ currency, amount_e9s })),
    },
  };
}
