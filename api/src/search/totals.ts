/**
 * What rows cost for a number of hours, worked out as they are asked for. A total below 2^53 is
 * exact as a float; for the few beyond, the float is the nearest one and `exact` has the amount.
 */
import { hoursPerUnit, priceOf, type Unit } from '@berth/shared/price';
import { addBits, dropBits, dropRow, rowIn, makeBits, type Bits, type Pool } from './bits.ts';
import type { Table } from './table.ts';
import { factorsOf, type Comparing } from './worth.ts';

export interface Totals {
  hours: number;
  comparing: Comparing;
  /** Of the rows that are known. */
  total: Float64Array;
  /**
   * The same in the comparing currency, by which rows are ordered and never charged; as it is where
   * no rate is known. Without rates it is `total` itself.
   */
  worth: Float64Array;
  known: Bits;
  exact: Map<number, bigint>;
}

export const FIRST_INEXACT = Number.MAX_SAFE_INTEGER + 1;

export function makeTotals(capacity: number, hours: number, comparing: Comparing): Totals {
  const total = new Float64Array(capacity);
  const worth = comparing.rates === null ? total : new Float64Array(capacity);
  return { hours, comparing, total, worth, known: makeBits(capacity), exact: new Map() };
}

/** The same place for other hours, or another way to compare. */
export function turnTotals(totals: Totals, hours: number, comparing: Comparing): void {
  const { total, worth } = totals;
  const isApart = worth !== total;
  totals.worth =
    comparing.rates === null ? total : isApart ? worth : new Float64Array(total.length);
  totals.comparing = comparing;
  totals.hours = hours;
  totals.known.fill(0);
  totals.exact.clear();
}

/** A row that has changed is worked out again. */
export function forgetTotal({ known, exact }: Totals, row: number): void {
  dropRow(known, row);
  exact.delete(row);
}

/** Works out those of some rows that are not known yet. */
export function fillTotals(table: Table, totals: Totals, bits: Bits, pool: Pool): void {
  const missing = pool.copy(bits);
  dropBits(missing, totals.known);
  addBits(totals.known, missing);
  const { price, setup_fee } = table.numbers;
  const units = table.codes.unit;
  const { hours, total, worth, exact } = totals;
  const factors = factorsOf(table, totals.comparing).map((factor) => factor || 1);
  const currencies = table.codes.currency;
  const perUnit = Float64Array.from(table.dictionaries.unit.items, (unit) =>
    unit === null ? 1 : hoursPerUnit[unit.text as Unit],
  );
  for (let at = 0; at < missing.length; at++) {
    for (let word = missing[at]!; word !== 0; word &= word - 1) {
      const slot = rowIn(at, word);
      const per = perUnit[units[slot]!]!;
      const product = price[slot]! * hours;
      // Below 2^53 a quotient is off by less than one part of its unit: what is begun stays begun.
      const usage = Math.ceil(product / per);
      const sum = usage + setup_fee[slot]!;
      total[slot] = sum;
      worth[slot] = sum * factors[currencies[slot]!]!;
      if (product < FIRST_INEXACT && sum < FIRST_INEXACT) continue;
      const total_e9s = chargeOf(table, slot, hours);
      total[slot] = Number(total_e9s);
      worth[slot] = Number(total_e9s) * factors[currencies[slot]!]!;
      if (total_e9s >= FIRST_INEXACT) exact.set(slot, total_e9s);
    }
  }
  pool.give(missing);
}

/** What one row costs, by itself. */
export function chargeOf(table: Table, slot: number, hours: number): bigint {
  const unit = table.dictionaries.unit.items[table.codes.unit[slot]!]!.text as Unit;
  const rate = table.exact.get(slot) ?? {
    price_e9s: BigInt(table.numbers.price[slot]!),
    setup_fee_e9s: BigInt(table.numbers.setup_fee[slot]!),
  };
  return priceOf({ ...rate, unit }, hours).total_e9s;
}

/** Of a row that is known. */
export const totalOf = ({ total, exact }: Totals, slot: number): bigint =>
  exact.get(slot) ?? BigInt(total[slot]!);
