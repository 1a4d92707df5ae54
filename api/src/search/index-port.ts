import type { Unit } from '@berth/shared/price';
import type { Weights } from '@berth/shared/market/rank';
import type { SearchSort } from '@berth/shared/market/schemas';
import type { Query } from '@berth/shared/market/tree';
import type { Currency } from '@berth/shared/money';
import type { KnownRates } from './worth.ts';

export type { KnownRates } from './worth.ts';

/** One page of what matches. */
export interface SearchAsk {
  query: Query;
  /** Searched by where the query finds nothing: its words as words. */
  plain: Query | null;
  /** Only what can be rented for this many hours; every price is the price of them. */
  hours: number;
  /** The reader's; null is USD, and what the query names comes first. */
  currency: Currency | null;
  sort: SearchSort;
  /** Used by the sort `best` alone. */
  weights: Weights;
  limit: number;
  cursor: string | null;
}

/** What one criterion gave a result, in the order of `criteria`. */
export interface CriterionShare {
  /** As it is (see `criterionRows`); null where it is unknown and counts as the worst. */
  value: number | null;
  /** The best and the worst among the results, as values are. */
  best: number;
  worst: number;
  /** Its part of all weights, 0 to 1. */
  weight: number;
  /** Its part of the closeness; together they are the closeness. */
  share: number;
}

export interface Ranking {
  /** Among the results that its price compares with, from 1; those with equal points share one. */
  place: number;
  /** How many others share it. */
  tied: number;
  /** How many results those are. */
  among: number;
  closeness: number;
  /** The one in which its price was compared. */
  currency: Currency;
  criteria: CriterionShare[];
  /** The least cut that makes it first; null where it is first, or no cut would. */
  price_cut_percent: number | null;
}

export interface FoundOffering {
  id: string;
  /** What is charged for the hours, as the index knows it. */
  total_e9s: bigint;
  currency: Currency;
  /** Only where the sort is `best`. */
  ranking: Ranking | null;
}

export interface SearchAnswer {
  items: FoundOffering[];
  next_cursor: string | null;
  /** How many offerings match in all. */
  total: number;
  /** The one that prices are compared in. */
  currency: Currency;
  /** How many more would match for another number of hours. */
  excluded_by_hours: number;
  /** Those by which amounts were compared; null where only one currency was. */
  rates: KnownRates | null;
  /** What matches in currencies that no rate converts, most first. */
  other_currencies: { currency: Currency; count: number }[];
  /** Whether the query found nothing and its words did. */
  as_words: boolean;
}

export interface FacetsAsk {
  query: Query;
  /** As of a search. */
  plain: Query | null;
  hours: number;
  currency: Currency | null;
}

export interface Facet {
  field: string;
  /**
   * A choice's values, most first; a number's steps from below, each named by its lower bound in
   * the field's unit, with how many are from there to the next.
   */
  values: { value: string; count: number }[];
  /** The least and the most among what is counted, as the values are written; null for choices. */
  range: { least: string; most: string } | null;
}

/** An offering as it was: what it cost, and whether it could be rented. */
export interface Before {
  offering_id: string;
  price_e9s: bigint;
  unit: Unit;
  setup_fee_e9s: bigint;
  currency: Currency;
  available: boolean;
}

export interface EnteredAsk {
  query: Query;
  currency: Currency | null;
  hours: number;
  /** Offerings that have changed since. */
  before: readonly Before[];
}

export interface CompleteAsk {
  /** A field of text or choices; null completes a word of the whole text. */
  field: string | null;
  prefix: string;
  limit: number;
}

/** The most frequent first. */
export interface Completion {
  value: string;
  count: number;
}

export interface PositionAsk {
  offering_id: string;
  hours: number;
  /** How many similar ones are wanted. */
  similar: number;
}

export interface PositionAnswer {
  /** Null where nothing is comparable. */
  position: {
    /** Of 100 comparable offerings, how many cost more for these hours, or as much. */
    percentile: number;
    comparable: number;
    cheaper: number;
    least_total_e9s: bigint;
    median_total_e9s: bigint;
    /** The fields in which they are equal. */
    same: string[];
  } | null;
  /** The nearest first. */
  similar: string[];
}

/** Of one GPU model: prices are of one GPU for one hour of the hours asked for. */
export interface FeaturedGpu {
  gpu_model: string;
  count: number;
  least_hourly_e9s: bigint;
  median_hourly_e9s: bigint;
}

export interface IndexStats {
  /** Offerings that can be found. */
  offerings: number;
  bytes: number;
  /** How long the first build took; null while it is under way. */
  built_in_ms: number | null;
}

/**
 * All listed public offerings, in memory. Every answer is of what was committed when it was asked,
 * but for what the index has yet to hear of, at most a second old. While the index is first built,
 * and after a crash of its thread, whoever asks waits, then gets `service.busy`.
 */
export interface SearchIndex {
  /** Throws `cursor.invalid` for a cursor of another search. */
  search(ask: SearchAsk): Promise<SearchAnswer>;
  facets(ask: FacetsAsk): Promise<Facet[]>;
  /** How many of the changed offerings match now that did not as they were. */
  entered(ask: EnteredAsk): Promise<number>;
  complete(ask: CompleteAsk): Promise<Completion[]>;
  /** Null for an offering that is not in the market. */
  position(ask: PositionAsk): Promise<PositionAnswer | null>;
  /** By the number of offerings, most first. */
  featured(ask: { hours: number; currency: Currency; limit: number }): Promise<FeaturedGpu[]>;
  /** Reads these from the database once more; resolves when searches see them. */
  refresh(ids: readonly string[]): Promise<void>;
  stats(): Promise<IndexStats>;
  close(): Promise<void>;
}
