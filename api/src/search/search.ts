import {
  priceCutOf,
  standingOf,
  weightList,
  type Values,
  type Yardstick,
} from '@berth/shared/market/rank';
import type { SearchSort } from '@berth/shared/market/schemas';
import type { Node } from '@berth/shared/market/tree';
import type { Currency } from '@berth/shared/money';
import { measure, rowValues, yardsticksOf, type Yardsticks } from './best.ts';
import { readCursor, writeCursor, type Cursor } from './cursor.ts';
import { maskOf, type Scope } from './filter.ts';
import { highOf, idFrom, lowOf } from './ids.ts';
import type { FoundOffering, Ranking, SearchAnswer, SearchAsk } from './index-port.ts';
import { countMask, joinAll, makeMask, turn, type Mask } from './loops.ts';
import { compareRows, pageOf, type Order, type Page } from './page.ts';
import type { Table } from './table.ts';
import { totalOf } from './totals.ts';

/** What is not said stands last. */
const LAST = Number.MAX_VALUE;
const E9 = 1e9;

const currencyAt = ({ dictionaries }: Table, code: number): Currency =>
  (dictionaries.currency.items[code]?.text ?? 'USD') as Currency;

export const idAt = ({ ids }: Table, slot: number): string =>
  idFrom(ids.high[slot]!, ids.low[slot]!);

/** A mask of the living rows that can be rented for the hours. */
export function rentable({ table, totals }: Scope): Mask {
  const mask = makeMask(table.size);
  mask.set(totals.fits.subarray(0, table.size));
  return mask;
}

/** What a search of `best` may take from one before. */
export interface Kept {
  /** The yardsticks of a query that finds everything, until a row changes. */
  yardsticks(make: () => Yardsticks): Yardsticks;
  /** The keys of a query that finds everything, until a row changes or another is asked. */
  measured(said: string, make: (keys: Float64Array) => void): Float64Array;
  /** A place for each row's key. */
  keys: Float64Array;
}

const findsAll = (query: Node): boolean => query.type === 'all' && query.of.length === 0;

/** Answers one page. Throws `cursor.invalid`. */
export function runSearch(scope: Scope, ask: SearchAsk, kept: Kept): SearchAnswer {
  const cursor = ask.cursor === null ? null : readCursor(ask, ask.cursor);
  const { table } = scope;
  const mask = maskOf(scope, ask.query);
  const fits = rentable(scope);
  const excluded_by_hours = countExcluded(scope, mask, fits);
  joinAll(mask, fits);
  const yardsticks: Yardsticks =
    ask.sort === 'best' ? findYardsticks(scope, ask, mask, cursor, kept) : new Map<never, never>();
  const order = orderOf(scope, ask, mask, yardsticks, kept);
  const page = pageOf(scope, mask, order, placeOf(scope, order, cursor), ask.limit + 1);
  const shown = page.slots.slice(0, ask.limit);
  const found = (slot: number): FoundOffering => ({
    id: idAt(table, slot),
    total_e9s: totalOf(scope.totals, slot),
    currency: currencyAt(table, table.codes.currency[slot]!),
    ranking: null,
  });
  const items = shown.map(found);
  if (ask.sort === 'best') explain(scope, ask, { mask, order, page, yardsticks }, items);
  const last = items.at(-1);
  const more = page.slots.length > ask.limit && last !== undefined;
  const counts = [...page.counts].map((count, code) => ({
    currency: currencyAt(table, code),
    count,
  }));
  return {
    items,
    next_cursor: more
      ? writeCursor(ask, {
          ...last,
          key: order.keys[shown.at(-1)!]!,
          yardsticks: named(table, yardsticks),
        })
      : null,
    total: counts.reduce((sum, { count }) => sum + count, 0),
    currency: scope.currency,
    excluded_by_hours,
    other_currencies: counts
      .filter(({ currency, count }) => count > 0 && currency !== scope.currency)
      .sort((a, b) => b.count - a.count || (a.currency < b.currency ? -1 : 1)),
  };
}

function countExcluded({ table }: Scope, mask: Mask, fits: Mask): number {
  const others = fits.slice();
  turn(others);
  joinAll(others, mask);
  const alive = makeMask(table.size);
  alive.set(table.alive.subarray(0, table.size));
  joinAll(others, alive);
  return countMask(others, table.size);
}

const named = (table: Table, yardsticks: Yardsticks): Cursor['yardsticks'] =>
  Object.fromEntries([...yardsticks].map(([code, stick]) => [currencyAt(table, code), stick]));

/** Those of the first page; for a currency that came since, its own. */
function findYardsticks(
  scope: Scope,
  { query }: SearchAsk,
  mask: Mask,
  cursor: Cursor | null,
  kept: Kept,
): Yardsticks {
  const make = () => yardsticksOf(scope, mask);
  if (cursor === null) return findsAll(query) ? kept.yardsticks(make) : make();
  const { counts, items } = scope.table.dictionaries.currency;
  const found: Yardsticks = new Map();
  items.forEach((currency, code) => {
    const stick = currency && cursor.yardsticks[currency.text as Currency];
    if (stick) found.set(code, stick);
  });
  const isMissing = counts.some((count, code) => count > 0 && !found.has(code));
  return isMissing ? new Map([...make(), ...found]) : found;
}

/** The comparing currency first, then the others by their code; one group where no price counts. */
function groupsOf({ table, currency }: Scope, sort: SearchSort): Uint8Array {
  const { items } = table.dictionaries.currency;
  const groups = new Uint8Array(items.length);
  if (sort !== 'best' && sort !== 'price' && sort !== 'price_desc') return groups;
  const names = items.map((item) => item?.text ?? '');
  const others = names.filter((name) => name !== '' && name !== currency).sort();
  return groups.map((_, code) => (names[code] === currency ? 0 : others.indexOf(names[code]!) + 1));
}

function orderOf(
  scope: Scope,
  { query, sort, weights }: SearchAsk,
  mask: Mask,
  yardsticks: Yardsticks,
  kept: Kept,
): Order {
  const { table, totals } = scope;
  const { keys } = kept;
  const groups = groupsOf(scope, sort);
  const fill = (keyOf: (slot: number) => number): Order => {
    for (let slot = 0; slot < table.size; slot++) if (mask[slot] === 1) keys[slot] = keyOf(slot);
    return { groups, keys, by_total: 0 };
  };
  const most = (numbers: Float64Array) =>
    fill((slot) => (Number.isNaN(numbers[slot]!) ? LAST : -numbers[slot]!));
  switch (sort) {
    case 'best': {
      const list = weightList(weights);
      const make = (into: Float64Array) => {
        measure(scope, mask, yardsticks, list, into);
      };
      if (!findsAll(query)) make(keys);
      const said = () => JSON.stringify([totals.hours, list, [...yardsticks]]);
      return { groups, keys: findsAll(query) ? kept.measured(said(), make) : keys, by_total: 1 };
    }
    case 'price':
      return { groups, keys: totals.total, by_total: 1 };
    case 'price_desc':
      return { ...fill((slot) => -totals.total[slot]!), by_total: -1 };
    case 'newest':
      return most(table.numbers.listed_ms);
    case 'memory':
      return most(table.numbers.memory);
    case 'gpu_memory':
      return most(table.numbers.gpu_memory);
    case 'reputation': {
      const { items } = table.dictionaries.provider;
      const renters = items.map((facts) => -(facts?.renters ?? 0));
      return fill((slot) => renters[table.codes.provider[slot]!]!);
    }
  }
}

function placeOf({ table }: Scope, { groups }: Order, cursor: Cursor | null) {
  if (cursor === null) return null;
  const { items } = table.dictionaries.currency;
  const code = items.findIndex((item) => item?.text === cursor.currency);
  return {
    group: groups[code] ?? 0,
    key: cursor.key,
    total_e9s: cursor.total_e9s,
    high: highOf(cursor.id),
    low: lowOf(cursor.id),
  };
}

/** As people read them: currency units, renters, and no prior in place of what is unknown. */
function shownValues({ table }: Scope, slot: number, values: Values): Values {
  const [price, throughput, memory] = values;
  const facts = table.dictionaries.provider.items[table.codes.provider[slot]!]!;
  const { renters, median_response_s } = facts;
  const own = [price! / E9, throughput ?? null, memory ?? null];
  return [...own, renters, median_response_s, values[5] ?? null];
}

interface Ranked {
  mask: Mask;
  order: Order;
  page: Page;
  yardsticks: Yardsticks;
}

/** Gives each item of a page its place, what made it, and what would make it first. */
function explain(scope: Scope, ask: SearchAsk, ranked: Ranked, items: FoundOffering[]): void {
  const { table } = scope;
  const weights = weightList(ask.weights);
  const places = ranked.page.before.slice();
  const firsts = new Map<number, Alternative | null>();
  items.forEach((item, at) => {
    const slot = ranked.page.slots[at]!;
    const code = table.codes.currency[slot]!;
    const stick = ranked.yardsticks.get(code);
    if (!stick) return;
    places[code]! += 1;
    if (!firsts.has(code)) firsts.set(code, firstOf(scope, ranked, code, stick, weights));
    item.ranking = rankingOf(scope, slot, places[code]!, {
      stick,
      weights,
      first: firsts.get(code)!,
    });
  });
}

interface Alternative {
  id: string;
  total_e9s: bigint;
  ratio: number;
}

/** The first of a currency among all that match. */
function firstOf(
  scope: Scope,
  { mask, order }: Ranked,
  code: number,
  stick: Yardstick,
  weights: readonly number[],
): Alternative {
  const { currency } = scope.table.codes;
  const { keys } = order;
  let first = -1;
  for (let slot = 0; slot < scope.table.size; slot++) {
    if (mask[slot] === 0 || currency[slot] !== code) continue;
    if (first >= 0 && keys[slot]! > keys[first]!) continue;
    if (first < 0 || compareRows(scope, order, slot, first) < 0) first = slot;
  }
  return {
    id: idAt(scope.table, first),
    total_e9s: totalOf(scope.totals, first),
    ratio: standingOf(rowValues(scope, first), stick, weights).ratio,
  };
}

function rankingOf(
  scope: Scope,
  slot: number,
  place: number,
  given: { stick: Yardstick; weights: readonly number[]; first: Alternative },
): Ranking {
  const { stick, weights, first } = given;
  const values = rowValues(scope, slot);
  const { closeness, shares } = standingOf(values, stick, weights);
  const sum = weights.reduce((a, b) => a + b, 0);
  const one = { id: idAt(scope.table, slot), total_e9s: totalOf(scope.totals, slot), values };
  return {
    place,
    closeness,
    criteria: shownValues(scope, slot, values).map((value, at) => ({
      value,
      weight: sum === 0 ? 0 : weights[at]! / sum,
      share: shares[at] ?? 0,
    })),
    price_cut_percent: priceCutOf(one, first, stick, weights),
  };
}
