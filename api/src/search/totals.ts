/**
 * What rows cost for a number of hours, worked out as they are asked for. A total below 2^53 is
 * exact as a float; for the few beyond, the float is the nearest one and `exact` has the amount.
 */
import { hoursPerUnit, priceOf, type Unit } from '@berth/shared/price';
import { addBits, dropBits, dropRow, rowIn, makeBits, type Bits, type Pool } from './bits.ts';
import type { Table } from './table.ts';

export interface Totals {
  hours: number;
  /** Of the rows that are known. */
  total: Float64Array;
  known: Bits;
  exact: Map<number, bigint>;
}

export const FIRST_INEXACT = Number.MAX_SAFE_INTEGER + 1;

export const makeTotals = (capacity: number, hours: number): Totals => ({
  hours,
  total: new Float64Array(capacity),
  known: makeBits(capacity),
  exact: new Map(),
});

/** The same place for other hours. */
export function turnTotals(totals: Totals, hours: number): void {
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
  const { hours, total, exact } = totals;
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
      if (product < FIRST_INEXACT && sum < FIRST_INEXACT) continue;
      const total_e9s = chargeOf(table, slot, hours);
      total[slot] = Number(total_e9s);
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
