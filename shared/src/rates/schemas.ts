import * as z from 'zod';
import { amountSchema } from '../fields.ts';
import { currencies } from '../money.ts';

export const ratesView = z.object({
  /** Null while there are no rates, or none that are new enough. */
  sheet: z
    .object({
      /** The day that they are of. */
      date: z.iso.date(),
      /** Whose they are. */
      source: z.string(),
      /** What one euro is in other currencies; what is not here is not converted. */
      per_euro: z.array(z.object({ currency: z.enum(currencies), amount_e9s: amountSchema })),
    })
    .nullable(),
});
