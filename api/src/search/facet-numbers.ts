/** The facets of numbers and amounts: how many from each step to the next, and their ends. */
import type { FieldName } from '@berth/shared/market/fields';
import { decimalOf } from '@berth/shared/money';
import { countBits, nextRows, walkBits, keepBits, type Bits } from './bits.ts';
import type { Scope } from './filter.ts';
import type { Facet } from './index-port.ts';
import { endsOf, EXPONENT_BIAS, EXPONENT_SHIFT, EXPONENTS } from './spread.ts';
import type { CountedName } from './table.ts';
import type { Tally } from './tally.ts';
import { fillTotals, FIRST_INEXACT, totalOf, type Totals } from './totals.ts';

const rangeOf = (least: number, most: number): Facet['range'] =>
  least > most ? null : { least: `${least}`, most: `${most}` };

/** Numbers as steps from below, each twice the one before, and their ends. */
export function numberFacet({ table }: Scope, field: CountedName, tally: Tally): Facet {
  const counts = tally.exponents(field);
  const values: Facet['values'] = [];
  for (let exponent = 0; exponent < EXPONENTS - 1; exponent++) {
    const count = counts[exponent]!;
    const step = exponent === 0 ? 0 : 2 ** (exponent - EXPONENT_BIAS);
    if (count > 0) values.push({ value: `${step}`, count });
  }
  const { least, most } = endsOf(tally.rows, table.numbers[field], table.spreads[field]);
  return { field, values, range: rangeOf(least, most) };
}

export interface Weighted {
  value: number;
  count: number;
}

/** Numbers of which few are different, by given steps. */
export function stepFacet(
  field: FieldName,
  steps: readonly number[],
  numbers: readonly Weighted[],
): Facet {
  const known = numbers.filter(({ value, count }) => count > 0 && !Number.isNaN(value));
  const values = steps.map((step, at) => {
    const next = steps[at + 1] ?? Infinity;
    const own = known.filter(({ value }) => value >= step && value < next);
    return { value: `${step}`, count: own.reduce((sum, { count }) => sum + count, 0) };
  });
  const all = known.map(({ value }) => value);
  const least = all.reduce((a, b) => Math.min(a, b), Infinity);
  const most = all.reduce((a, b) => Math.max(a, b), -Infinity);
  return { field, values: values.filter(({ count }) => count > 0), range: rangeOf(least, most) };
}

const E9 = 1e9;
/** By the hour, in currency units. */
const PRICE_STEPS = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 50, 100];
const MONTH_HOURS = 720n;

/** Those of some rows whose amounts are in the comparing currency. */
function comparing({ table, currency, pool }: Scope, rows: Bits): Bits {
  const code = table.dictionaries.currency.items.findIndex((item) => item?.text === currency);
  const own = pool.copy(rows);
  const held = table.holders.currency[code];
  if (held) keepBits(own, held);
  else own.fill(0);
  return own;
}

/** By a float's exponent the last step that none of its numbers is below. */
const firstSteps = (steps: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: EXPONENTS }, (_, exponent) => {
    const lowest = exponent === 0 ? 0 : 2 ** (exponent - EXPONENT_BIAS);
    return steps.findLastIndex((step) => step <= lowest);
  });

/** The prices of the comparing currency alone; a total and a month have their ends only. */
export function priceFacets(scope: Scope, { rows }: Tally): Facet[] {
  const { table, totals, pool } = scope;
  const own = comparing(scope, rows);
  fillTotals(table, totals, own, pool);
  const { counts, ends } = countPrices(totals, own);
  pool.give(own);
  const range = (factor: bigint, per: bigint): Facet['range'] => {
    const [low, high] = ends.map((end) => decimalOf((end * factor + per - 1n) / per));
    return low === undefined || high === undefined ? null : { least: low, most: high };
  };
  const hours = BigInt(totals.hours);
  const values = PRICE_STEPS.map((step, at) => ({ value: `${step}`, count: counts[at]! }));
  return [
    { field: 'price', values: values.filter(({ count }) => count > 0), range: range(1n, hours) },
    { field: 'total', values: [], range: range(1n, 1n) },
    { field: 'monthly', values: [], range: range(MONTH_HOURS, hours) },
  ];
}

/** By step how many totals there are, and the least and the most; no ends where there is none. */
function countPrices(totals: Totals, own: Bits): { counts: Uint32Array; ends: bigint[] } {
  const steps = PRICE_STEPS.map((step) => step * E9 * totals.hours);
  const first = firstSteps(steps);
  const bounds = Float64Array.from([...steps, Infinity]);
  const counts = new Uint32Array(steps.length);
  const { total } = totals;
  const highs = new Uint32Array(total.buffer);
  let least = Infinity;
  let most = -Infinity;
  const walk = walkBits(own);
  for (let count = nextRows(walk); count > 0; count = nextRows(walk)) {
    const { rows } = walk;
    for (let row = 0; row < count; row++) {
      const slot = rows[row]!;
      const price = total[slot]!;
      let at = first[highs[slot * 2 + 1]! >>> EXPONENT_SHIFT]!;
      // Hardly more than two steps lie in a power of two; what is added without a branch is quick.
      at += price >= bounds[at + 1]! ? 1 : 0;
      at += price >= bounds[at + 1]! ? 1 : 0;
      while (price >= bounds[at + 1]!) at += 1;
      counts[at]! += 1;
      if (price < least) least = price;
      if (price > most) most = price;
    }
  }
  return { counts, ends: least > most ? [] : exactEnds(totals, own, [least, most]) };
}

/** Where a float does not hold an end, the integers say it. */
function exactEnds(totals: Totals, own: Bits, ends: [number, number]): bigint[] {
  const { total } = totals;
  return ends.map((end, at) => {
    if (end < FIRST_INEXACT) return BigInt(end);
    const exact: bigint[] = [];
    const walk = walkBits(own);
    for (let count = nextRows(walk); count > 0; count = nextRows(walk)) {
      const { rows } = walk;
      for (const slot of rows.subarray(0, count)) {
        if (total[slot] === end) exact.push(totalOf(totals, slot));
      }
    }
    return exact.reduce((a, b) => ((at === 0 ? b < a : b > a) ? b : a));
  });
}

export function setupFacet(scope: Scope, { rows }: Tally): Facet {
  const { table, pool } = scope;
  const fees = table.numbers.setup_fee;
  const own = comparing(scope, rows);
  let none = 0;
  const walk = walkBits(own);
  for (let count = nextRows(walk); count > 0; count = nextRows(walk)) {
    const { rows: some } = walk;
    for (let at = 0; at < count; at++) if (fees[some[at]!] === 0) none += 1;
  }
  const values = [
    { value: '0', count: none },
    { value: decimalOf(1n), count: countBits(own) - none },
  ];
  pool.give(own);
  return { field: 'setup_fee', values: values.filter(({ count }) => count > 0), range: null };
}

const DAY_S = 86_400;
/** Seconds since it was listed: a day, a week, a month, a quarter and a year. */
const AGE_STEPS = [0, DAY_S, 7 * DAY_S, 30 * DAY_S, 90 * DAY_S, 365 * DAY_S];
const SECOND_MS = 1_000;

export function listedFacet({ table, now_ms }: Scope, { rows }: Tally): Facet {
  const listed = table.numbers.listed_ms;
  const [, day, week, month, quarter, year] = AGE_STEPS.map((step) => now_ms - step * SECOND_MS);
  const counts = new Uint32Array(AGE_STEPS.length);
  let oldest = Infinity;
  let newest = -Infinity;
  const walk = walkBits(rows);
  for (let count = nextRows(walk); count > 0; count = nextRows(walk)) {
    const { rows: some } = walk;
    for (let row = 0; row < count; row++) {
      const at_ms = listed[some[row]!]!;
      // Sums, as no processor foresees where an age lies.
      let step = at_ms <= day! ? 1 : 0;
      step += at_ms <= week! ? 1 : 0;
      step += at_ms <= month! ? 1 : 0;
      step += at_ms <= quarter! ? 1 : 0;
      step += at_ms <= year! ? 1 : 0;
      counts[step]! += 1;
      if (at_ms < oldest) oldest = at_ms;
      if (at_ms > newest) newest = at_ms;
    }
  }
  const age = (at_ms: number) => Math.max((now_ms - at_ms) / SECOND_MS, 0);
  const values = AGE_STEPS.map((step, at) => ({ value: `${step}`, count: counts[at]! }));
  return {
    field: 'listed',
    values: values.filter(({ count }) => count > 0),
    range: oldest > newest ? null : rangeOf(age(newest), age(oldest)),
  };
}
