/** The facets of numbers and amounts: how many from each step to the next, and their ends. */
import type { FieldName } from '@berth/shared/market/fields';
import { decimalOf } from '@berth/shared/money';
import { comparableCodes, currencyAt, keepCurrencies, worthOf } from './worth.ts';
import { countBits, listBits, rowIn, type Bits } from './bits.ts';
import type { Scope } from './filter.ts';
import type { Facet } from './index-port.ts';
import type { CountedName } from './table.ts';
import type { FacetCounts } from './facet-counts.ts';
import { fillTotals, FIRST_INEXACT, totalOf } from './totals.ts';

const rangeOf = (least: number, most: number): Facet['range'] =>
  least > most ? null : { least: `${least}`, most: `${most}` };

const float = new Float64Array(1);
/** A float's sign, exponent and highest bits, and its lowest. */
const halves = new Uint32Array(float.buffer);
const EXPONENT = 0x7ff0_0000;

/** The greatest power of two that is not above a number; 0 for 0. */
function powerBelow(number: number): number {
  float[0] = number;
  halves[0] = 0;
  halves[1]! &= EXPONENT;
  return float[0];
}

/** Numbers as steps from below, each twice the one before, and their ends. */
export function numberFacet({ table }: Scope, field: CountedName, counted: FacetCounts): Facet {
  const { items } = table.dictionaries[field];
  const counts = counted.values(field);
  const steps = new Map<number, number>();
  let [least, most] = [Infinity, -Infinity];
  for (let code = 1; code < items.length; code++) {
    const count = counts[code]!;
    if (count === 0) continue;
    const number = items[code]!;
    const step = powerBelow(number);
    steps.set(step, (steps.get(step) ?? 0) + count);
    if (number < least) least = number;
    if (number > most) most = number;
  }
  const values = [...steps].sort(([a], [b]) => a - b);
  return {
    field,
    values: values.map(([step, count]) => ({ value: `${step}`, count })),
    range: rangeOf(least, most),
  };
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

/** Those of some rows whose amounts compare. */
function comparing(scope: Scope, rows: Bits): Bits {
  const own = scope.pool.copy(rows);
  keepCurrencies(scope, own, comparableCodes(scope));
  return own;
}

/** By so many of its highest bits, a float lies in one of 16 parts of a power of two. */
const PART_SHIFT = 16;
const PARTS = 2 ** (31 - PART_SHIFT);
/** A part that a step begins within. */
const CUT = 255;

/** The last step that a number is not below. */
function stepOf(steps: Float64Array, number: number): number {
  let at = steps.length - 1;
  while (number < steps[at]!) at -= 1;
  return at;
}

/** By part the step that its numbers are in, or CUT; `cuts` are the parts where steps begin. */
function stepsOfParts(size: number, cuts: ArrayLike<number>): Uint8Array {
  const parts = new Uint8Array(size);
  for (let at = 1; at < cuts.length; at++) {
    parts.fill(at, cuts[at]! + 1);
    parts[cuts[at]!] = CUT;
  }
  return parts;
}

/** The prices that compare, in the one currency; a total and a month have their ends only. */
export function priceFacets(scope: Scope, { rows }: FacetCounts): Facet[] {
  const { table, totals, pool } = scope;
  const own = comparing(scope, rows);
  fillTotals(table, totals, own, pool);
  const { counts, ends } = countPrices(scope, own);
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
function countPrices(scope: Scope, own: Bits): { counts: Uint32Array; ends: bigint[] } {
  const { totals } = scope;
  const steps = Float64Array.from(PRICE_STEPS, (step) => step * E9 * totals.hours);
  const cuts = new Uint32Array(steps.buffer).filter((_, at) => at % 2 === 1);
  const parts = stepsOfParts(
    PARTS,
    cuts.map((high) => high >>> PART_SHIFT),
  );
  const counts = new Uint32Array(steps.length);
  const { worth } = totals;
  const highs = new Uint32Array(worth.buffer);
  let least = Infinity;
  let most = -Infinity;
  for (let at = 0; at < own.length; at++) {
    for (let word = own[at]!; word !== 0; word &= word - 1) {
      const slot = rowIn(at, word);
      const price = worth[slot]!;
      const part = parts[highs[(slot << 1) + 1]! >>> PART_SHIFT]!;
      counts[part === CUT ? stepOf(steps, price) : part]! += 1;
      least = Math.min(least, price);
      most = Math.max(most, price);
    }
  }
  return { counts, ends: least > most ? [] : exactEnds(scope, own, [least, most]) };
}

/** Where a float does not hold an end, or a rate made it, the integers say it. */
function exactEnds(scope: Scope, own: Bits, ends: [number, number]): bigint[] {
  const { table, totals, comparing: by } = scope;
  return ends.map((end, at) => {
    if (by.rates === null && end < FIRST_INEXACT) return BigInt(end);
    const exact: bigint[] = [];
    for (const slot of listBits(own)) {
      if (totals.worth[slot] !== end) continue;
      const currency = currencyAt(table, table.codes.currency[slot]!);
      exact.push(worthOf(totalOf(totals, slot), currency, by));
    }
    return exact.reduce((a, b) => ((at === 0 ? b < a : b > a) ? b : a));
  });
}

export function setupFacet(scope: Scope, { rows }: FacetCounts): Facet {
  const { table, pool } = scope;
  const fees = table.numbers.setup_fee;
  const own = comparing(scope, rows);
  let none = 0;
  for (let at = 0; at < own.length; at++) {
    for (let word = own[at]!; word !== 0; word &= word - 1) {
      none += fees[rowIn(at, word)] === 0 ? 1 : 0;
    }
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
const PER_DAY_MS = 1 / (DAY_S * SECOND_MS);

export function listedFacet({ table, now_ms }: Scope, { rows }: FacetCounts): Facet {
  const listed = table.numbers.listed_ms;
  // The first millisecond of each step, the oldest step first.
  const ages = [Infinity, ...AGE_STEPS.slice(1).reverse()];
  const starts = Float64Array.from(ages, (age_s) => now_ms - age_s * SECOND_MS + 1);
  const tomorrow = Math.ceil(now_ms * PER_DAY_MS);
  const parts = stepsOfParts(
    tomorrow + 1,
    starts.map((at_ms) => Math.floor(Math.max(at_ms, 0) * PER_DAY_MS)),
  );
  const counts = new Uint32Array(starts.length);
  let oldest = Infinity;
  let newest = -Infinity;
  for (let at = 0; at < rows.length; at++) {
    for (let word = rows[at]!; word !== 0; word &= word - 1) {
      const at_ms = listed[rowIn(at, word)]!;
      const part = parts[Math.min(at_ms * PER_DAY_MS, tomorrow) | 0]!;
      counts[part === CUT ? stepOf(starts, at_ms) : part]! += 1;
      oldest = Math.min(oldest, at_ms);
      newest = Math.max(newest, at_ms);
    }
  }
  const age = (at_ms: number) => Math.max((now_ms - at_ms) / SECOND_MS, 0);
  counts.reverse();
  const values = AGE_STEPS.map((step, at) => ({ value: `${step}`, count: counts[at]! }));
  return {
    field: 'listed',
    values: values.filter(({ count }) => count > 0),
    range: oldest > newest ? null : rangeOf(age(newest), age(oldest)),
  };
}
