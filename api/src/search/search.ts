import {
  priceCutOf,
  standingOf,
  weightList,
  type Values,
  type RankBounds,
} from '@berth/shared/market/rank';
import { criteria, type SearchSort } from '@berth/shared/market/schemas';
import type { Query } from '@berth/shared/market/tree';
import type { Currency } from '@berth/shared/money';
import { measureRows, rowValues, rankBoundsOf, type BoundsByCurrency } from './best.ts';
import { readCursor, writeCursor, type Cursor } from './cursor.ts';
import { countBits, rowIn, type Bits } from './bits.ts';
import type { Scope } from './filter.ts';
import { findRows, type Found } from './found.ts';
import { highOf, idFrom, lowOf } from './ids.ts';
import type { FoundOffering, Ranking, SearchAnswer, SearchAsk } from './index-port.ts';
import { countKeys, firstRow, keyOf, pageOf, type Order, type Place } from './page.ts';
import type { Table } from './table.ts';
import { chargeOf, fillTotals } from './totals.ts';
import { currencyAt, factorOf, keepCurrencies, ratioOf, worthOf } from './worth.ts';

const E9 = 1e9;

export const idAt = ({ ids }: Table, slot: number): string =>
  idFrom(ids.high[slot]!, ids.low[slot]!);

/** What a query finds, with what is worked out of it as it is needed. */
export interface CachedResult {
  found: Found;
  bounds_by_currency: BoundsByCurrency;
  /** By row how far it is from the ideal, and by currency what that was measured by. */
  ratios: Float64Array;
  measured: Map<Currency, string>;
}

/** What a search may take from one before. */
export interface Kept {
  /** Finds the rows, or knows them; the room for them is given. */
  cached(ask: SearchAsk, find: (rows: Bits) => Found): CachedResult;
  /** A number for each row. */
  column: Float64Array;
}

/** Answers one page. Throws `cursor.invalid`. */
export function runSearch(scope: Scope, ask: SearchAsk, kept: Kept): SearchAnswer {
  const { table, totals, comparing } = scope;
  const cursor = ask.cursor === null ? null : readCursor(ask, comparing, ask.cursor);
  const { cached, as_words } = foundBy(scope, ask, cursor, kept);
  const counts = [...cached.found.counts];
  const parts = openParts(scope, ask, cursor, cached, kept.column);
  const shown = parts.slots.slice(0, ask.limit);
  const items = shown.map((slot): FoundOffering => ({
    id: idAt(table, slot),
    total_e9s: chargeOf(table, slot, totals.hours),
    currency: currencyAt(table, table.codes.currency[slot]!),
    ranking: null,
  }));
  if (ask.sort === 'best') explain(scope, ask, parts, items);
  for (const rows of parts.groups.values()) if (rows !== cached.found.rows) scope.pool.give(rows);
  const last = items.at(-1);
  const more = parts.slots.length > ask.limit && last !== undefined;
  return {
    items,
    next_cursor: more
      ? writeCursor(ask, comparing, {
          ...last,
          key: keyOf(parts.order, shown.at(-1)!),
          bounds_by_currency: Object.fromEntries(parts.bounds_by_currency),
          as_words,
        })
      : null,
    total: counts.reduce((sum, count) => sum + count, 0),
    currency: comparing.currency,
    rates: isCompared(scope, counts) ? comparing.rates : null,
    excluded_by_hours: cached.found.excluded,
    other_currencies: counts
      .map((count, code) => ({ currency: currencyAt(table, code), count }))
      .filter(({ currency, count }) => count > 0 && ratioOf(currency, comparing) === null)
      .sort((a, b) => b.count - a.count || (a.currency < b.currency ? -1 : 1)),
    as_words,
  };
}

/** What the query finds, or its plain words where it finds nothing; later pages stay with that. */
function foundBy(scope: Scope, ask: SearchAsk, cursor: Cursor | null, kept: Kept) {
  const by = (query: Query) =>
    kept.cached({ ...ask, query }, (rows) => findRows(scope, query, rows));
  const { plain } = ask;
  if (plain !== null && cursor?.as_words === true) return { cached: by(plain), as_words: true };
  const cached = by(ask.query);
  if (plain === null || cursor !== null || isSome(cached)) return { cached, as_words: false };
  const { excluded } = cached.found;
  const words = by(plain);
  if (isSome(words)) return { cached: words, as_words: true };
  return { cached: { ...words, found: { ...words.found, excluded } }, as_words: false };
}

const isSome = ({ found }: CachedResult): boolean => found.counts.some((count) => count > 0);

/** Whether rows of several currencies compare. */
const isCompared = ({ table, comparing }: Scope, counts: readonly number[]): boolean =>
  counts.some((count, code) => {
    const own = currencyAt(table, code);
    return count > 0 && own !== comparing.currency && ratioOf(own, comparing) !== null;
  });

/** A page with one more row, where there is one, and how it was made. */
interface PageParts {
  slots: number[];
  order: Order;
  /** By the currency they are compared in, its rows, of those that the page came to. */
  groups: Map<Currency, Bits>;
  /** Of those that the page came to. */
  bounds_by_currency: BoundsByCurrency;
  /** How many stand before the page. */
  before: Map<Currency, number>;
}

/** Rows that are ordered among themselves. */
interface Group {
  /** The one that they are compared in. */
  currency: Currency;
  /** Of the currencies that they are in; null where those do not matter. */
  codes: number[] | null;
}

/** The currency that amounts of one are compared in: its own where no rate is known. */
const comparedIn = ({ comparing }: Scope, own: Currency): Currency =>
  ratioOf(own, comparing) === null ? own : comparing.currency;

/** What compares stands first, then the other currencies by their names. */
const standsAs = ({ comparing }: Scope, name: Currency): string =>
  name === comparing.currency ? '' : name;

const isParted = (sort: SearchSort): boolean =>
  sort === 'best' || sort === 'price' || sort === 'price_desc';

/** By the currency that they are compared in where prices count, else all rows together. */
function groupsOf(scope: Scope, sort: SearchSort, counts: Uint32Array): Group[] {
  if (!isParted(sort)) return [{ currency: scope.comparing.currency, codes: null }];
  const held = [...counts.keys()].filter((code) => counts[code]! > 0);
  const groups = Map.groupBy(held, (code) => comparedIn(scope, currencyAt(scope.table, code)));
  return [...groups]
    .map(([currency, codes]) => ({ currency, codes }))
    .sort((a, b) => (standsAs(scope, a.currency) < standsAs(scope, b.currency) ? -1 : 1));
}

/** The rows of a group, with their totals where prices count. */
function rowsOf(scope: Scope, { rows, counts }: Found, codes: readonly number[] | null): Bits {
  if (codes === null) return rows;
  const { table, totals, pool } = scope;
  const others = counts.some((count, other) => count > 0 && !codes.includes(other));
  const own = others ? pool.copy(rows) : rows;
  if (others) keepCurrencies(scope, own, codes);
  fillTotals(table, totals, own, pool);
  return own;
}

function openParts(
  scope: Scope,
  ask: SearchAsk,
  cursor: Cursor | null,
  cached: CachedResult,
  column: Float64Array,
): PageParts {
  const order = orderOf(scope, ask.sort, cached, column);
  const parts: PageParts = {
    slots: [],
    order,
    groups: new Map(),
    bounds_by_currency: boundsIn(cursor),
    before: new Map(),
  };
  const place = cursor === null ? null : placeOf(scope, cursor);
  const isFrom = cursor !== null && isParted(ask.sort);
  const from = isFrom ? standsAs(scope, comparedIn(scope, cursor.currency)) : '';
  for (const { currency, codes } of groupsOf(scope, ask.sort, cached.found.counts)) {
    const wanted = ask.limit + 1 - parts.slots.length;
    const name = standsAs(scope, currency);
    if (name < from || wanted === 0) continue;
    const rows = rowsOf(scope, cached.found, codes);
    parts.groups.set(currency, rows);
    if (ask.sort === 'best') measure(scope, ask, { currency, rows, cached, parts });
    const page = pageOf(scope, rows, order, name === from ? place : null, wanted);
    parts.before.set(currency, page.before);
    parts.slots.push(...page.slots);
  }
  return parts;
}

/** What rows are ordered by; `column` is for what no column says. */
function orderOf(
  scope: Scope,
  sort: SearchSort,
  cached: CachedResult,
  column: Float64Array,
): Order {
  const { numbers, codes, dictionaries } = scope.table;
  switch (sort) {
    case 'best':
      return { column: cached.ratios, sign: 1, by_total: 1 };
    case 'price':
      return { column: scope.totals.worth, sign: 1, by_total: 1 };
    case 'price_desc':
      return { column: scope.totals.worth, sign: -1, by_total: -1 };
    case 'newest':
      return { column: numbers.listed_ms, sign: -1, by_total: 0 };
    case 'reputation': {
      const { items } = dictionaries.provider;
      const renters = Float64Array.from(items, (facts) => facts?.renters ?? 0);
      fillBy(cached.found.rows, codes.provider, renters, column);
      return { column, sign: -1, by_total: 0 };
    }
    default: {
      const sizes = Float64Array.from(dictionaries[sort].items, (size) => size ?? NaN);
      fillBy(cached.found.rows, codes[sort], sizes, column);
      return { column, sign: -1, by_total: 0 };
    }
  }
}

/** Writes the value of each row's code into a column. */
function fillBy(bits: Bits, codes: Uint32Array, values: Float64Array, column: Float64Array): void {
  for (let at = 0; at < bits.length; at++) {
    for (let word = bits[at]!; word !== 0; word &= word - 1) {
      const slot = rowIn(at, word);
      column[slot] = values[codes[slot]!]!;
    }
  }
}

const placeOf = ({ comparing }: Scope, { id, key, total_e9s, currency }: Cursor): Place => ({
  ...{ key, total_e9s, currency, worth: Number(total_e9s) * factorOf(currency, comparing) },
  high: highOf(id),
  low: lowOf(id),
});

/** Those of the first page that came to a currency; the others are measured as they come. */
const boundsIn = (cursor: Cursor | null): BoundsByCurrency =>
  new Map(Object.entries(cursor?.bounds_by_currency ?? {}) as [Currency, RankBounds][]);

interface Measuring {
  currency: Currency;
  rows: Bits;
  cached: CachedResult;
  parts: PageParts;
}

/** Computes how far a group's rows are from the ideal, unless that is cached. */
function measure(scope: Scope, ask: SearchAsk, { currency, rows, cached, parts }: Measuring): void {
  const { bounds_by_currency } = parts;
  const bounds =
    bounds_by_currency.get(currency) ??
    cached.bounds_by_currency.get(currency) ??
    rankBoundsOf(scope, rows);
  if (!bounds_by_currency.has(currency)) cached.bounds_by_currency.set(currency, bounds);
  bounds_by_currency.set(currency, bounds);
  const weights = weightList(ask.weights);
  const said = JSON.stringify([weights, bounds]);
  if (cached.measured.get(currency) !== said)
    measureRows(scope, rows, cached.ratios, bounds, weights);
  cached.measured.set(currency, said);
}

const REPUTATION = criteria.indexOf('reputation');
const RESPONSE = criteria.indexOf('response');

/** What is charged, in the currency that it is compared in. */
const worthAt = ({ table, totals, comparing }: Scope, slot: number): bigint =>
  worthOf(
    chargeOf(table, slot, totals.hours),
    currencyAt(table, table.codes.currency[slot]!),
    comparing,
  );

/** A value as people read it: currency units and renters. */
const shownValue = (value: number, at: number): number =>
  at === 0 ? value / E9 : at === REPUTATION ? Math.round(2 ** value - 1) : value;

/** The same of a row, without a prior in place of what is unknown. */
function shownValues({ table }: Scope, slot: number, values: Values): Values {
  const facts = table.dictionaries.provider.items[table.codes.provider[slot]!]!;
  return values.map((value, at) =>
    at === RESPONSE ? facts.median_response_s : value && shownValue(value, at),
  );
}

/** Gives each item of a page its place, what made it, and what would make it first. */
function explain(scope: Scope, ask: SearchAsk, parts: PageParts, items: FoundOffering[]): void {
  const weights = weightList(ask.weights);
  const groupOf = (item: FoundOffering) => comparedIn(scope, item.currency);
  const places = placesOf(parts, items.map(groupOf));
  const firsts = new Map<Currency, Alternative>();
  items.forEach((item, at) => {
    const slot = parts.slots[at]!;
    const currency = groupOf(item);
    const bounds = parts.bounds_by_currency.get(currency)!;
    const rows = parts.groups.get(currency)!;
    const shown = parts.before.get(currency) ? null : slot;
    const first = firsts.get(currency) ?? firstOf(scope, parts, currency, shown, weights);
    firsts.set(currency, first);
    item.ranking = {
      ...{ ...places[at]!, among: countBits(rows), currency },
      ...rankingOf(scope, slot, { bounds, weights, first }),
    };
  });
}

/** The place of each row of a page, which those with equal keys share, and how many others do. */
function placesOf(
  { slots, order, groups, before }: PageParts,
  currencies: readonly Currency[],
): Pick<Ranking, 'place' | 'tied'>[] {
  const places: Pick<Ranking, 'place' | 'tied'>[] = [];
  const keyAt = (at: number) => keyOf(order, slots[at]!);
  const passed = new Map(before);
  for (let at = 0; at < currencies.length;) {
    const currency = currencies[at]!;
    let end = at + 1;
    while (currencies[end] === currency && keyAt(end) === keyAt(at)) end += 1;
    const first = passed.get(currency)!;
    // Equals of what begins or ends a page may stand on others.
    const isNext = end === currencies.length && end < slots.length && keyAt(end) === keyAt(at);
    const { less, same } =
      isNext || (at === 0 && first > 0)
        ? countKeys(groups.get(currency)!, order, keyAt(at))
        : { less: first, same: end - at };
    for (let nth = at; nth < end; nth++) places.push({ place: less + 1, tied: same - 1 });
    passed.set(currency, first + end - at);
    at = end;
  }
  return places;
}

interface Alternative {
  id: string;
  total_e9s: bigint;
  ratio: number;
}

/** The first of a group among all that match, which may stand on the page itself. */
function firstOf(
  scope: Scope,
  { groups, order, bounds_by_currency }: PageParts,
  currency: Currency,
  shown: number | null,
  weights: readonly number[],
): Alternative {
  const first = shown ?? firstRow(scope, groups.get(currency)!, order);
  return {
    id: idAt(scope.table, first),
    total_e9s: worthAt(scope, first),
    ratio: standingOf(rowValues(scope, first), bounds_by_currency.get(currency)!, weights).ratio,
  };
}

function rankingOf(
  scope: Scope,
  slot: number,
  given: { bounds: RankBounds; weights: readonly number[]; first: Alternative },
): Omit<Ranking, 'place' | 'tied' | 'among' | 'currency'> {
  const { bounds, weights, first } = given;
  const values = rowValues(scope, slot);
  const { closeness, shares } = standingOf(values, bounds, weights);
  const sum = weights.reduce((a, b) => a + b, 0);
  const one = {
    id: idAt(scope.table, slot),
    total_e9s: worthAt(scope, slot),
    values,
  };
  const { codes, dictionaries } = scope.table;
  const in_stock = dictionaries.stock.items[codes.stock[slot]!] !== 0;
  return {
    closeness,
    criteria: shownValues(scope, slot, values).map((value, at) => ({
      value,
      best: shownValue(bounds.best[at] ?? 0, at),
      worst: shownValue(bounds.worst[at] ?? 0, at),
      weight: sum === 0 ? 0 : weights[at]! / sum,
      share: shares[at] ?? 0,
    })),
    // No price brings back what is out of stock.
    price_cut_percent: in_stock ? priceCutOf(one, first, bounds, weights) : null,
  };
}
