import * as z from 'zod';
import { MAX_HOURS } from '../price.ts';
import { amountSchema, hex64, idOf, isoTime } from '../fields.ts';
import { currencies } from '../money.ts';
import { termsSchema } from './schemas.ts';

/** How long a unit is kept for one account at the price it was shown. */
export const HOLD_MS = 60_000;
/** Units that one account holds at a time, each of another offering. */
export const MAX_HOLDS = 3;

export const holdInput = z.object({ hours: z.number().int().min(1).max(MAX_HOURS) });

export const holdView = z.object({
  hold_id: idOf('hold'),
  offering_id: idOf('offering'),
  /** Until then a request that names `terms_hash` gets this unit at this price. */
  expires_at: isoTime,
  terms_hash: hex64,
  terms: termsSchema,
  hours: z.number().int(),
  total_e9s: amountSchema,
  currency: z.enum(currencies),
});
export type HoldView = z.input<typeof holdView>;
