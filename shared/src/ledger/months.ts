import * as z from 'zod';
import { shownText, signedAmount } from '../fields.ts';
import { currencies } from '../money.ts';

/** Calendar months of UTC that are shown, the present one among them. */
export const MONTHS_SHOWN = 12;
/** Offerings or providers that are shown by themselves; the rest are one sum. */
export const PARTS_SHOWN = 20;

const currency = z.enum(currencies);
/** As a renter one's money was earned by providers; as a provider one has earned it. */
const side = z.enum(['renter', 'provider']);

export const monthsQuery = z.object({
  side: side.default('renter'),
  /** What the sum of all months is told apart by. */
  by: z.enum(['offering', 'provider']).default('offering'),
  /** The first that there is where it is left out. */
  currency: currency.optional(),
});

/** What was earned under contracts, less the commission for a provider. */
export const monthsView = z.object({
  /** Null where nothing was earned yet. */
  currency: currency.nullable(),
  /** All in which something was earned. */
  currencies: z.array(currency),
  /** Oldest first, those without earnings too. */
  months: z.array(
    z.object({
      /** As in 2026-11, by UTC. */
      month: z.string(),
      amount_e9s: signedAmount,
    }),
  ),
  /** Of those months together, the most first. */
  parts: z.array(
    z.object({
      /** An offering's id, or a provider's handle. */
      id: z.string(),
      name: shownText,
      amount_e9s: signedAmount,
    }),
  ),
  /** The parts that are not shown. */
  others: z.object({ count: z.int(), amount_e9s: signedAmount }),
});
export type MonthsView = z.input<typeof monthsView>;
