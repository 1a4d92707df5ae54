/**
 * What every row costs for a number of hours. A total below 2^53 is exact as a float; for the few
 * beyond, the float is the nearest one and `exact` has the amount itself.
 */
import { hoursPerUnit, priceOf, type Unit } from '@berth/shared/contracts/price';
import type { Table } from './table.ts';

export interface Totals {
  hours: number;
  total: Float64Array;
  exact: Map<number, bigint>;
  /** 1 where the row lives and can be rented for the hours. */
  fits: Uint8Array;
}

export const FIRST_INEXACT = Number.MAX_SAFE_INTEGER + 1;

export function makeTotals(table: Table, hours: number): Totals {
  const totals = {
    hours,
    total: new Float64Array(table.capacity),
    exact: new Map<number, bigint>(),
    fits: new Uint8Array(table.capacity),
  };
  setTotals(table, totals, 0, table.size);
  return totals;
}

/** Works out the rows from one to before another. */
export function setTotals(table: Table, totals: Totals, from: number, to: number): void {
  const { price, setup_fee, min_hours, max_hours } = table.numbers;
  const { total, fits, exact, hours } = totals;
  const { alive, dictionaries } = table;
  const units = table.codes.unit;
  const perUnit = dictionaries.unit.items.map((unit) =>
    unit === null ? 1 : hoursPerUnit[unit.text as Unit],
  );
  for (let slot = from; slot < to; slot++) {
    const lives = alive[slot] === 1 && min_hours[slot]! <= hours && max_hours[slot]! >= hours;
    fits[slot] = lives ? 1 : 0;
    const per = perUnit[units[slot]!]!;
    const product = price[slot]! * hours;
    let usage = Math.floor(product / per);
    // The quotient was rounded; the remainder is exact, and says whether to round up.
    if (product - usage * per > 0) usage += 1;
    const sum = usage + setup_fee[slot]!;
    total[slot] = sum;
    if (product >= FIRST_INEXACT || sum >= FIRST_INEXACT) setExact(table, totals, slot);
    else if (exact.size > 0) exact.delete(slot);
  }
}

function setExact(table: Table, { total, exact, hours }: Totals, slot: number): void {
  const unit = table.dictionaries.unit.items[table.codes.unit[slot]!]!.text as Unit;
  const rate = table.exact.get(slot) ?? {
    price_e9s: BigInt(table.numbers.price[slot]!),
    setup_fee_e9s: BigInt(table.numbers.setup_fee[slot]!),
  };
  const { total_e9s } = priceOf({ ...rate, unit }, hours);
  total[slot] = Number(total_e9s);
  if (total_e9s >= FIRST_INEXACT) exact.set(slot, total_e9s);
  else exact.delete(slot);
}

export const totalOf = ({ total, exact }: Totals, slot: number): bigint =>
  exact.get(slot) ?? BigInt(total[slot]!);

/** Whether a total is from `least` to `most`, exactly. */
export const isTotalIn = (totals: Totals, slot: number, least: bigint, most: bigint): boolean => {
  const total_e9s = totalOf(totals, slot);
  return total_e9s >= least && total_e9s <= most;
};
