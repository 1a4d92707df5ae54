import * as z from 'zod';
import { MAX_HOURS } from '../price.ts';
import { amountSchema, idOf, isoTime, MAX_PAGE_SIZE, pageOf, plainText } from '../fields.ts';
import { currencies } from '../money.ts';
import { offeringItem, offeringView } from '../offerings/schemas.ts';

/** The hours of a search that names none: a month. */
export const SEARCH_HOURS = 720;
/** The first is what a search is sorted by that names none. */
export const searchSorts = [
  'best',
  'price',
  'price_desc',
  'newest',
  'memory',
  'gpu_memory',
  'reputation',
] as const;
export type SearchSort = (typeof searchSorts)[number];

/** What the ranking weighs, in the order in which it is shown. */
export const criteria = [
  'price',
  'throughput',
  'memory',
  'reputation',
  'response',
  'reliability',
] as const;

export const MAX_COMPARED = 4;
/** Offerings beside one that are much like it. */
export const MAX_SIMILAR = 6;
/** How far back the history of a price goes. */
export const HISTORY_DAYS = 90;
export const MAX_HISTORY_POINTS = 1_000;
/** Values of each facet: the most frequent ones. */
export const MAX_FACET_VALUES = 100;
export const MAX_COMPLETIONS = 12;
export const MAX_FEATURED = 24;
/** As long as a text may be that is refused with the place of its error. */
const MAX_QUERY_TEXT = 4_000;
const MAX_WEIGHTS_TEXT = 200;
/** The cursor of `best` carries the bounds of its first page. */
const MAX_SEARCH_CURSOR = 6_000;
const MAX_ID_TEXT = 64;

const currency = z.enum(currencies);
const hours = z.coerce.number().int().min(1).max(MAX_HOURS).optional();
const q = z.string().max(MAX_QUERY_TEXT).optional();
/** `price:40,throughput:20`, whole numbers from 0 to 100; the best value's weights without it. */
const weights = plainText(MAX_WEIGHTS_TEXT).optional();

export const searchQuery = z.object({
  /** The query language: words, `field:value`, ranges, `or`, `-`, quotes and brackets. */
  q,
  sort: z.enum(searchSorts).optional(),
  /** Only what can be rented for this many hours; every price is the price of them. */
  hours,
  /** What prices are compared in, where the query names no currency; USD without it. */
  currency: currency.optional(),
  weights,
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).optional(),
  cursor: z.string().max(MAX_SEARCH_CURSOR).optional(),
});
export type SearchAsk = z.output<typeof searchQuery>;

/** What renting for some hours costs, as it is charged, and the same by the hour and the month. */
export const priceView = z.object({
  hours: z.number().int(),
  /** Usage and setup fee: what a request of these hours is charged. */
  total_e9s: amountSchema,
  usage_e9s: amountSchema,
  setup_fee_e9s: amountSchema,
  /** The total by the hour, and by 720 hours, rounded up. */
  hourly_e9s: amountSchema,
  monthly_e9s: amountSchema,
  /** Whether it is in the currency that the search compares in, or can be converted to it. */
  comparable: z.boolean(),
  /** About what that is in the other currency, at the rates of the answer; it is never charged. */
  converted: z
    .object({
      currency,
      total_e9s: amountSchema,
      hourly_e9s: amountSchema,
      monthly_e9s: amountSchema,
    })
    .nullable(),
});
export type PriceView = z.input<typeof priceView>;

/** Why a result stands where it does (TOPSIS); numbers for showing, never for charging. */
export const rankView = z.object({
  /** Among the results that its price compares with, from 1; a tie shares one. */
  place: z.number().int(),
  /** How many others have just as many points and the same place. */
  tied: z.number().int(),
  /** How many results those are. */
  among: z.number().int(),
  /** The one in which its price was compared. */
  currency,
  /** From 0, the worst in everything, to 1, the best in everything. */
  closeness: z.number(),
  criteria: z.array(
    z.object({
      criterion: z.enum(criteria),
      /** As it is: currency units, TFLOPS a unit, GiB, renters, seconds, a ratio; null: unknown. */
      value: z.number().nullable(),
      /** The best and the worst that any of the results has; what is not known is as the worst. */
      best: z.number(),
      worst: z.number(),
      /** Its part of all weights, 0 to 1. */
      weight: z.number(),
      /** Its part of the closeness, 0 to 1; together they are the closeness. */
      share: z.number(),
    }),
  ),
  /** First, if its price were this much lower, all else equal; null: first already, or never. */
  counterfactual: z.object({ price_cut_percent: z.number().int() }).nullable(),
});
export type RankView = z.input<typeof rankView>;

export const searchItem = offeringItem.extend({
  price: priceView,
  /** Only where the results are sorted by `best`. */
  rank: rankView.nullable(),
  /** How many renters have completed a contract with its provider, which `reputation` sorts by. */
  renters: z.number().int(),
});
export type SearchItem = z.input<typeof searchItem>;

const count = z.number().int();

export const searchReply = pageOf(searchItem).extend({
  /** How many offerings match in all. */
  total: count,
  hours: count,
  /** The one in which prices are compared: the query's, else the one asked for, else USD. */
  currency,
  /** The day and the source of the rates that others were converted by; null where none was. */
  rates: z.object({ date: z.iso.date(), source: z.string() }).nullable(),
  /** How many more would match for another number of hours. */
  excluded_by_hours: count,
  /** What matches in currencies that no rate converts, most first. */
  other_currencies: z.array(z.object({ currency, count })),
  /** The order of the items: the one asked for, else the one that words such as `cheap` say. */
  sort: z.enum(searchSorts),
  /** Plain words that mean more than themselves, in the order of the text. */
  understood: z.array(
    z.object({
      text: z.string(),
      /** What they mean, in the query language; null for what is only an order. */
      query: z.string().nullable(),
      sort: z.enum(searchSorts).nullable(),
    }),
  ),
  /** Whether nothing is what they mean, so that they were searched for as words. */
  as_words: z.boolean(),
});
export type SearchReply = z.input<typeof searchReply>;

export const facetsQuery = z.object({ q, hours, currency: currency.optional() });

/** The values of each field among what matches all of the query but that field's own filter. */
export const facetsReply = z.object({
  facets: z.array(
    z.object({
      field: z.string(),
      /** Choices, most first; of numbers steps from below, each named by its lower bound. */
      values: z.array(z.object({ value: z.string(), count })),
      /** The least and the most number; null for choices. */
      range: z.object({ least: z.string(), most: z.string() }).nullable(),
    }),
  ),
});
export type FacetsReply = z.input<typeof facetsReply>;

export const completionsQuery = z.object({
  q,
  /** Where the cursor stands in `q`; at its end without it. */
  at: z.coerce.number().int().min(0).max(MAX_QUERY_TEXT).optional(),
});

export const completionsReply = z.object({
  items: z.array(
    z.object({
      /** What to write in place of `q` from `from` to `to`. */
      text: z.string(),
      from: count,
      to: count,
      type: z.enum(['field', 'value', 'word']),
      /** For people, such as `Netherlands` for `NL`. */
      label: z.string(),
      /** How many listed offerings have it; null for a field. */
      count: count.nullable(),
    }),
  ),
});
export type CompletionsReply = z.input<typeof completionsReply>;

export const featuredReply = z.object({
  /** What the figures are of; they are kept for a minute. */
  at: isoTime,
  items: z.array(
    z.object({
      gpu_model: z.string(),
      /** Listed offerings, in this currency. */
      count,
      currency,
      /** Of one GPU for one hour of a month. */
      least_hourly_e9s: amountSchema,
      median_hourly_e9s: amountSchema,
    }),
  ),
});
export type FeaturedReply = z.input<typeof featuredReply>;

export const compareQuery = z.object({
  /** Any text: what is no offering that may be seen is answered as gone. */
  id: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(z.string().max(MAX_ID_TEXT)).min(1).max(MAX_COMPARED),
  ),
  hours,
});

export const comparedOffering = offeringView.extend({
  price: priceView,
  /** Whether it can be rented for these hours. */
  fits_hours: z.boolean(),
  /** What the ranking weighs, as it is; null where it is unknown. */
  values: z.record(z.enum(criteria), z.number().nullable()),
});

export const compareReply = z.object({
  hours: count,
  /** In the order asked for. */
  items: z.array(comparedOffering),
  gone: z.array(z.string()),
});
export type CompareReply = z.input<typeof compareReply>;

export const positionParams = z.object({ offering_id: idOf('offering') });
export const positionQuery = z.object({ hours });

/** From `at` until the next point. */
export const historyPoint = z.object({
  at: isoTime,
  price: priceView,
  currency,
  /** Whether everybody could see and rent it: listed, public and in stock. */
  available: z.boolean(),
});

export const positionReply = z.object({
  hours: count,
  currency,
  price: priceView,
  /** Null where nothing is comparable. */
  position: z
    .object({
      /** How many of 100 comparable offerings cost more for these hours, or as much. */
      percentile: count,
      comparable: count,
      cheaper: count,
      least_total_e9s: amountSchema,
      median_total_e9s: amountSchema,
      /** The fields in which comparable offerings are equal, such as `gpu` and `currency`. */
      same: z.array(z.string()),
    })
    .nullable(),
  /** Oldest first; the first may be older than the window, as what stood when it began. */
  history: z.array(historyPoint),
  similar: z.array(searchItem),
});
export type PositionReply = z.input<typeof positionReply>;
