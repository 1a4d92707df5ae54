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
import { measureRows, rowValues, rankBoundsOf, type BoundsByCode } from './best.ts';
import { readCursor, writeCursor, type Cursor } from './cursor.ts';
import { countBits, keepBits, rowIn, type Bits } from './bits.ts';
import type { Scope } from './filter.ts';
import { findRows, type Found } from './found.ts';
import { highOf, idFrom, lowOf } from './ids.ts';
import type { FoundOffering, Ranking, SearchAnswer, SearchAsk } from './index-port.ts';
import { countKeys, firstRow, keyOf, pageOf, type Order, type Place } from './page.ts';
import type { Table } from './table.ts';
import { chargeOf, fillTotals } from './totals.ts';

const E9 = 1e9;

const currencyAt = ({ dictionaries }: Table, code: number): Currency =>
  (dictionaries.currency.items[code]?.text ?? 'USD') as Currency;

export const idAt = ({ ids }: Table, slot: number): string =>
  idFrom(ids.high[slot]!, ids.low[slot]!);

/** What a query finds, with what is worked out of it as it is needed. */
export interface CachedResult {
  found: Found;
  bounds_by_currency: BoundsByCode;
  /** By row how far it is from the ideal, and by the currency's code what that was measured by. */
  ratios: Float64Array;
  measured: Map<number, string>;
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
  const cursor = ask.cursor === null ? null : readCursor(ask, ask.cursor);
  const { table, totals } = scope;
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
      ? writeCursor(ask, {
          ...last,
          key: keyOf(parts.order, shown.at(-1)!),
          bounds_by_currency: named(table, parts.bounds_by_currency),
          as_words,
        })
      : null,
    total: counts.reduce((sum, count) => sum + count, 0),
    currency: scope.currency,
    excluded_by_hours: cached.found.excluded,
    other_currencies: counts
      .map((count, code) => ({ currency: currencyAt(table, code), count }))
      .filter(({ currency, count }) => count > 0 && currency !== scope.currency)
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

const named = (table: Table, bounds_by_currency: BoundsByCode): Cursor['bounds_by_currency'] =>
  Object.fromEntries(
    [...bounds_by_currency].map(([code, bounds]) => [currencyAt(table, code), bounds]),
  );

/** A page with one more row, where there is one, and how it was made. */
interface PageParts {
  slots: number[];
  order: Order;
  /** By the currency's code its rows, of those that the page came to. */
  groups: Map<number, Bits>;
  /** By the currency's code, of those that the page came to. */
  bounds_by_currency: BoundsByCode;
  /** By the currency's code: how many stand before the page. */
  before: Map<number, number>;
}

/** Rows that are ordered among themselves. */
interface Group {
  /** Groups stand in the order of their names. */
  name: string;
  code: number;
}

/** In place of a currency's code, where rows of all stand together. */
const TOGETHER = 0;

/** The comparing currency stands first, then the others by their code. */
const standsAs = ({ currency }: Scope, name: string): string => (name === currency ? '' : name);

const isParted = (sort: SearchSort): boolean =>
  sort === 'best' || sort === 'price' || sort === 'price_desc';

/** By currency where prices count, else all rows together. */
function groupsOf(scope: Scope, sort: SearchSort, counts: Uint32Array): Group[] {
  if (!isParted(sort)) return [{ name: '', code: TOGETHER }];
  return [...counts.keys()]
    .filter((code) => counts[code]! > 0)
    .map((code) => ({ name: standsAs(scope, currencyAt(scope.table, code)), code }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The rows of a group, with their totals where prices count. */
function rowsOf({ table, totals, pool }: Scope, { rows, counts }: Found, code: number): Bits {
  if (code === TOGETHER) return rows;
  const others = counts.some((count, other) => count > 0 && other !== code);
  const own = others ? pool.copy(rows) : rows;
  if (others) keepBits(own, table.holders.currency[code]!);
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
    bounds_by_currency: boundsIn(scope, cursor),
    before: new Map(),
  };
  const place = cursor === null ? null : placeOf(cursor);
  const from = cursor !== null && isParted(ask.sort) ? standsAs(scope, cursor.currency) : '';
  for (const { name, code } of groupsOf(scope, ask.sort, cached.found.counts)) {
    const wanted = ask.limit + 1 - parts.slots.length;
    if (name < from || wanted === 0) continue;
    const rows = rowsOf(scope, cached.found, code);
    parts.groups.set(code, rows);
    if (ask.sort === 'best') measure(scope, ask, { code, rows, cached, parts });
    const page = pageOf(scope, rows, order, name === from ? place : null, wanted);
    parts.before.set(code, page.before);
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
      return { column: scope.totals.total, sign: 1, by_total: 1 };
    case 'price_desc':
      return { column: scope.totals.total, sign: -1, by_total: -1 };
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

const placeOf = ({ id, key, total_e9s }: Cursor): Place => ({
  key,
  total_e9s,
  high: highOf(id),
  low: lowOf(id),
});

/** Those of the first page that came to a currency; the others are measured as they come. */
function boundsIn({ table }: Scope, cursor: Cursor | null): BoundsByCode {
  const found: BoundsByCode = new Map();
  table.dictionaries.currency.items.forEach((currency, code) => {
    const bounds = currency && cursor?.bounds_by_currency[currency.text as Currency];
    if (bounds) found.set(code, bounds);
  });
  return found;
}

interface Measuring {
  code: number;
  rows: Bits;
  cached: CachedResult;
  parts: PageParts;
}

/** Computes how far a currency's rows are from the ideal, unless that is cached. */
function measure(scope: Scope, ask: SearchAsk, { code, rows, cached, parts }: Measuring): void {
  const { bounds_by_currency } = parts;
  const bounds =
    bounds_by_currency.get(code) ??
    cached.bounds_by_currency.get(code) ??
    rankBoundsOf(scope, rows);
  if (!bounds_by_currency.has(code)) cached.bounds_by_currency.set(code, bounds);
  bounds_by_currency.set(code, bounds);
  const weights = weightList(ask.weights);
  const said = JSON.stringify([weights, bounds]);
  if (cached.measured.get(code) !== said) measureRows(scope, rows, cached.ratios, bounds, weights);
  cached.measured.set(code, said);
}

const REPUTATION = criteria.indexOf('reputation');
const RESPONSE = criteria.indexOf('response');

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
  const { table } = scope;
  const weights = weightList(ask.weights);
  const places = placesOf(parts, items.length, table.codes.currency);
  const firsts = new Map<number, Alternative>();
  items.forEach((item, at) => {
    const slot = parts.slots[at]!;
    const code = table.codes.currency[slot]!;
    const bounds = parts.bounds_by_currency.get(code)!;
    const rows = parts.groups.get(code)!;
    const first =
      firsts.get(code) ??
      firstOf(scope, parts, code, parts.before.get(code) ? null : slot, weights);
    firsts.set(code, first);
    item.ranking = {
      ...{ ...places[at]!, among: countBits(rows) },
      ...rankingOf(scope, slot, { bounds, weights, first }),
    };
  });
}

/** The place of each row of a page, which those with equal keys share, and how many others do. */
function placesOf(
  { slots, order, groups, before }: PageParts,
  count: number,
  codes: Uint32Array,
): Pick<Ranking, 'place' | 'tied'>[] {
  const places: Pick<Ranking, 'place' | 'tied'>[] = [];
  const isLike = (a: number | undefined, b: number | undefined) =>
    a !== undefined &&
    b !== undefined &&
    codes[a] === codes[b] &&
    keyOf(order, a) === keyOf(order, b);
  const passed = new Map(before);
  for (let at = 0; at < count;) {
    const slot = slots[at]!;
    const code = codes[slot]!;
    let end = at + 1;
    while (isLike(slots[end], slot)) end += 1;
    const first = passed.get(code)!;
    // Equals of what begins or ends a page may stand on others.
    const isCut = end > count || (at === 0 && first > 0);
    const { less, same } = isCut
      ? countKeys(groups.get(code)!, order, keyOf(order, slot))
      : { less: first, same: end - at };
    const shown = Math.min(end, count) - at;
    for (let nth = 0; nth < shown; nth++) places.push({ place: less + 1, tied: same - 1 });
    passed.set(code, first + shown);
    at += shown;
  }
  return places;
}

interface Alternative {
  id: string;
  total_e9s: bigint;
  ratio: number;
}

/** The first of a currency among all that match, which may stand on the page itself. */
function firstOf(
  scope: Scope,
  { groups, order, bounds_by_currency }: PageParts,
  code: number,
  shown: number | null,
  weights: readonly number[],
): Alternative {
  const { table, totals } = scope;
  const first = shown ?? firstRow(scope, groups.get(code)!, order);
  return {
    id: idAt(table, first),
    total_e9s: chargeOf(table, first, totals.hours),
    ratio: standingOf(rowValues(scope, first), bounds_by_currency.get(code)!, weights).ratio,
  };
}

function rankingOf(
  scope: Scope,
  slot: number,
  given: { bounds: RankBounds; weights: readonly number[]; first: Alternative },
): Omit<Ranking, 'place' | 'tied' | 'among'> {
  const { bounds, weights, first } = given;
  const values = rowValues(scope, slot);
  const { closeness, shares } = standingOf(values, bounds, weights);
  const sum = weights.reduce((a, b) => a + b, 0);
  const one = {
    id: idAt(scope.table, slot),
    total_e9s: chargeOf(scope.table, slot, scope.totals.hours),
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
