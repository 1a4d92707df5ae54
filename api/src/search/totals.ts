/**
 * What every row costs for a number of hours. A total below 2^53 is exact as a float; for the few
 * beyond, the float is the nearest one and `exact` has the amount itself.
 */
import { hoursPerUnit, priceOf, type Unit } from '@berth/shared/contracts/price';
import type { Table } from './table.ts';

interface Amounts {
  total: Float64Array;
  exact: Map<number, bigint>;
}

export interface Totals {
  hours: number;
  /** 1 where the row lives and can be rented for the hours. */
  fits: Uint8Array;
  /** Worked out when they are first asked for. */
  readonly total: Float64Array;
  readonly exact: Map<number, bigint>;
  /** Works out the rows from one to before another once more. */
  set(from: number, to: number): void;
}

export const FIRST_INEXACT = Number.MAX_SAFE_INTEGER + 1;

export function makeTotals(table: Table, hours: number): Totals {
  const fits = new Uint8Array(table.capacity);
  setFits(table, hours, fits, 0, table.size);
  let amounts: Amounts | null = null;
  const filled = (): Amounts => {
    if (amounts === null) {
      amounts = { total: new Float64Array(table.capacity), exact: new Map() };
      setAmounts(table, hours, amounts, 0, table.size);
    }
    return amounts;
  };
  return {
    hours,
    fits,
    get total() {
      return filled().total;
    },
    get exact() {
      return filled().exact;
    },
    set(from, to) {
      setFits(table, hours, fits, from, to);
      if (amounts !== null) setAmounts(table, hours, amounts, from, to);
    },
  };
}

function setFits(table: Table, hours: number, fits: Uint8Array, from: number, to: number): void {
  const { alive } = table;
  const { min_hours, max_hours } = table.numbers;
  for (let slot = from; slot < to; slot++) {
    fits[slot] = min_hours[slot]! <= hours && max_hours[slot]! >= hours ? alive[slot]! : 0;
  }
}

function setAmounts(
  table: Table,
  hours: number,
  { total, exact }: Amounts,
  from: number,
  to: number,
): void {
  const { price, setup_fee } = table.numbers;
  const units = table.codes.unit;
  const perUnit = Float64Array.from(table.dictionaries.unit.items, (unit) =>
    unit === null ? 1 : hoursPerUnit[unit.text as Unit],
  );
  for (let slot = from; slot < to; slot++) {
    const per = perUnit[units[slot]!]!;
    const product = price[slot]! * hours;
    let usage = Math.floor(product / per);
    // The quotient was rounded; the remainder is exact, and says whether to round up.
    if (product - usage * per > 0) usage += 1;
    const sum = usage + setup_fee[slot]!;
    total[slot] = sum;
    if (product >= FIRST_INEXACT || sum >= FIRST_INEXACT) {
      const total_e9s = chargeOf(table, slot, hours);
      total[slot] = Number(total_e9s);
      if (total_e9s >= FIRST_INEXACT) exact.set(slot, total_e9s);
      else exact.delete(slot);
    } else if (exact.size > 0) exact.delete(slot);
  }
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

export const totalOf = ({ total, exact }: Totals, slot: number): bigint =>
  exact.get(slot) ?? BigInt(total[slot]!);

/** Whether a total is from `least` to `most`, exactly. */
export const isTotalIn = (totals: Totals, slot: number, least: bigint, most: bigint): boolean => {
  const total_e9s = totalOf(totals, slot);
  return total_e9s >= least && total_e9s <= most;
};
