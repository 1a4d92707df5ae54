import * as z from 'zod';
import { MAX_HOURS } from '../price.ts';
import { amountSchema, hex64, idOf, isoTime } from '../fields.ts';
import { currencies } from '../money.ts';
import { MINUTE_MS } from '../time.ts';
import { termsSchema } from './schemas.ts';

/** How long a unit is kept for one account at the price it was shown; asked again, anew so long. */
export const HOLD_MS = 10 * MINUTE_MS;
/** Of an hour an account can hold for so long in all, each unit counted for itself. */
export const HELD_AN_HOUR_MS = 30 * MINUTE_MS;
/** What is left of that and less than so much is no hold any more. */
export const LEAST_HOLD_MS = MINUTE_MS;
/** Units that one account holds at a time, each of another offering. */
export const MAX_HOLDS = 3;

export const holdInput = z.object({ hours: z.number().int().min(1).max(MAX_HOURS) });

export const holdView = z.object({
  hold_id: idOf('hold'),
  offering_id: idOf('offering'),
  /** Until then, or longer where it is renewed, a request on these terms gets this unit. */
  expires_at: isoTime,
  terms_hash: hex64,
  terms: termsSchema,
  hours: z.number().int(),
  total_e9s: amountSchema,
  currency: z.enum(currencies),
});
export type HoldView = z.input<typeof holdView>;
