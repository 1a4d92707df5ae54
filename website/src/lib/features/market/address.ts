import { MAX_HOURS } from '@berth/shared/price';
import { readWeights, writeWeights } from '@berth/shared/market/rank';
import { currencies, type Currency } from '@berth/shared/money';
import { SEARCH_HOURS, searchSorts, type SearchSort } from '@berth/shared/market/schemas';

export const views = ['cards', 'table'] as const;
export type View = (typeof views)[number];

/** Full rows of cards, whether two, three, four or six stand side by side. */
const CARDS_A_PAGE = 24;
const LINES_A_PAGE = 30;

/** A search as the address has it. */
export interface Search {
  q: string;
  /** Null where nothing was chosen: what the words say, else the first. */
  sort: SearchSort | null;
  hours: number;
  /** A preset's name or every criterion with its weight; empty for those of the best value. */
  weights: string;
  view: View;
  /** The reader's, in which prices are compared; kept by the browser and not in the address. */
  currency: Currency;
}

/** The reader's currency of who has chosen none, and the cookie of who has. */
export const DEFAULT_CURRENCY: Currency = 'USD';
export const CURRENCY_COOKIE = 'berth-currency';
export const YEAR_S = 365 * 86_400;

/** A currency by its name; null for what is none. */
export const currencyNamed = (text: string | null | undefined): Currency | null =>
  currencies.find((currency) => currency === text) ?? null;

export const DEFAULT_WEIGHTS = 'best_value';
const MAX_QUERY_TEXT = 4_000;

const oneOf = <Name extends string>(names: readonly [Name, ...Name[]], text: string | null): Name =>
  names.find((name) => name === text) ?? names[0];

/**
 * The search that an address asks for. Addresses are shared and edited by hand: what means nothing
 * is as if it were not there. What `q` says is read later, since an error in it is shown.
 */
export function readSearch(params: URLSearchParams, currency = DEFAULT_CURRENCY): Search {
  const hours = Number(params.get('hours') ?? '');
  const read = readWeights(params.get('weights') ?? '');
  const weights = read === null ? DEFAULT_WEIGHTS : writeWeights(read);
  const q = (params.get('q') ?? '').trim().slice(0, MAX_QUERY_TEXT);
  const sort = searchSorts.find((name) => name === params.get('sort')) ?? null;
  return {
    q,
    // Without words to say another one, the first is so anyway.
    sort: q === '' && sort === searchSorts[0] ? null : sort,
    hours: Number.isInteger(hours) && hours >= 1 && hours <= MAX_HOURS ? hours : SEARCH_HOURS,
    weights: weights === DEFAULT_WEIGHTS ? '' : weights,
    view: oneOf(views, params.get('view')),
    currency,
  };
}

/** The marketplace's address of a search, without what is so anyway. */
export function searchHref({ q, sort, hours, weights, view }: Omit<Search, 'currency'>): string {
  const params = new URLSearchParams();
  if (q.trim() !== '') params.set('q', q.trim());
  if (sort !== null) params.set('sort', sort);
  if (hours !== SEARCH_HOURS) params.set('hours', String(hours));
  if (weights !== '') params.set('weights', weights);
  if (view !== views[0]) params.set('view', view);
  return `/marketplace${params.size > 0 ? `?${params}` : ''}`;
}

/** The marketplace's address of a query, searched as anybody would who types it. */
export const queryHref = (q: string): string =>
  searchHref({ ...readSearch(new URLSearchParams()), q });

/** A parameter where it says something. */
export const given = (name: string, value: string | null) =>
  value === null || value === '' ? {} : { [name]: value };

/** What the API is asked for the page of a search that begins at a cursor. */
export const queryOf = (
  { q, hours, sort, view, weights, currency }: Search,
  cursor: string | null,
) => ({
  ...{ hours, limit: view === 'table' ? LINES_A_PAGE : CARDS_A_PAGE },
  ...(sort === null ? {} : { sort }),
  ...(currency === DEFAULT_CURRENCY ? {} : { currency }),
  ...{ ...given('q', q), ...given('weights', weights), ...given('cursor', cursor) },
});
