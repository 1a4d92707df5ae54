import * as z from 'zod';
import { MAX_HOURS } from '../price.ts';
import { amountSchema, idOf, isoTime, lineText, shownText } from '../fields.ts';
import { readWeights } from '../market/rank.ts';
import { searchSorts } from '../market/schemas.ts';
import { currencies } from '../money.ts';
import { offeringItem } from '../offerings/schemas.ts';

/** Offerings that one account can put aside. */
export const MAX_SAVED_OFFERINGS = 500;
export const MAX_SAVED_SEARCHES = 50;
const NAME_MAX = 80;
const QUERY_MAX = 1_000;
const WEIGHTS_MAX = 200;

export const savedOffering = z.object({
  offering_id: idOf('offering'),
  saved_at: isoTime,
  /** What was last told of it, for showing what has changed since. */
  told: z.object({
    price_e9s: amountSchema,
    unit: z.string(),
    setup_fee_e9s: amountSchema,
    currency: z.string(),
    available: z.boolean(),
  }),
  /** Null where it can no longer be seen. */
  offering: offeringItem.nullable(),
});
export type SavedOffering = z.input<typeof savedOffering>;

/** A search as the marketplace's address has it, with a name. */
export const savedSearchInput = z.object({
  name: lineText(1, NAME_MAX),
  q: lineText(0, QUERY_MAX),
  sort: z.enum(searchSorts),
  hours: z.number().int().min(1).max(MAX_HOURS),
  /** As the address has them; empty for the best value's. */
  weights: z
    .string()
    .max(WEIGHTS_MAX)
    .refine((text) => text === '' || readWeights(text) !== null, 'Weights are price:40,memory:20'),
  /** What its prices are compared in, where it names no currency. */
  currency: z.enum(currencies).default('USD'),
  /** Whether a notice tells of newly listed offerings that it finds. */
  tells: z.boolean(),
});
export type SavedSearchInput = z.output<typeof savedSearchInput>;

export const savedSearch = savedSearchInput.extend({
  name: shownText,
  q: z.string(),
  id: idOf('saved_search'),
  created_at: isoTime,
});
export type SavedSearch = z.input<typeof savedSearch>;
