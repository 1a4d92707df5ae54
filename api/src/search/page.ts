/** The first page of some rows in an order, by a bounded heap. */
import type { Currency } from '@berth/shared/money';
import { rowIn, type Bits } from './bits.ts';
import type { Scope } from './filter.ts';
import { compareIds } from './ids.ts';
import { totalOf } from './totals.ts';
import { currencyAt } from './worth.ts';

/** Missing values sort last. */
const LAST = Number.MAX_VALUE;

export interface Order {
  /** By row; NaN where it is not said. */
  column: Float64Array;
  /** The least (1) or the most (-1) first. */
  sign: 1 | -1;
  /** Of equal keys the cheaper (1) or the dearer (-1) first, or neither (0); then by id. */
  by_total: 1 | 0 | -1;
}

/** A sort key, ascending. */
export function keyOf({ column, sign }: Order, slot: number): number {
  const said = column[slot]!;
  return Number.isNaN(said) ? LAST : said * sign;
}

/** The row after which a page begins, as it was when it was shown. */
export interface Place {
  key: number;
  total_e9s: bigint;
  currency: Currency;
  /** The total in the comparing currency. */
  worth: number;
  high: number;
  low: number;
}

interface Page {
  slots: number[];
  /** How many rows stand before the page. */
  before: number;
}

/** The tie-break: below zero where row `a` comes before row `b`. */
function compareTies({ table, totals }: Scope, { by_total }: Order, a: number, b: number): number {
  if (by_total !== 0) {
    const [one, other] = [totals.worth[a]!, totals.worth[b]!];
    if (one !== other) return (one - other) * by_total;
    const { currency } = table.codes;
    if (currency[a] !== currency[b]) {
      return currencyAt(table, currency[a]!) < currencyAt(table, currency[b]!) ? -1 : 1;
    }
    const [exact, against] = [totalOf(totals, a), totalOf(totals, b)];
    if (exact !== against) return exact < against ? -by_total : by_total;
  }
  return compareIds(table.ids, a, b);
}

function compareToPlace(
  { table, totals }: Scope,
  { by_total }: Order,
  a: number,
  place: Place,
): number {
  if (by_total !== 0) {
    const worth = totals.worth[a]!;
    if (worth !== place.worth) return (worth - place.worth) * by_total;
    const currency = currencyAt(table, table.codes.currency[a]!);
    if (currency !== place.currency) return currency < place.currency ? -1 : 1;
    const exact = totalOf(totals, a);
    if (exact !== place.total_e9s) return exact < place.total_e9s ? -by_total : by_total;
  }
  return table.ids.high[a]! - place.high || table.ids.low[a]! - place.low;
}

function compareRows(scope: Scope, order: Order, a: number, b: number): number {
  return keyOf(order, a) - keyOf(order, b) || compareTies(scope, order, a, b);
}

/** The first of some rows after a place, at most `limit`. */
export function pageOf(
  scope: Scope,
  bits: Bits,
  order: Order,
  after: Place | null,
  limit: number,
): Page {
  const { column, sign } = order;
  const heap: number[] = [];
  const afterKey = after?.key ?? -Infinity;
  let before = 0;
  let worst = Infinity;
  for (let at = 0; at < bits.length; at++) {
    for (let word = bits[at]!; word !== 0; word &= word - 1) {
      const slot = rowIn(at, word);
      const said = column[slot]! * sign;
      // Most rows end here; what is not said compares with nothing and goes on.
      if (said > worst) continue;
      if (said < afterKey) {
        before += 1;
        continue;
      }
      const key = keyOf(order, slot);
      if (key <= afterKey && after !== null) {
        if (key < afterKey || compareToPlace(scope, order, slot, after) <= 0) {
          before += 1;
          continue;
        }
      }
      if (key > worst) continue;
      if (heap.length < limit) push(scope, order, heap, slot);
      else if (compareRows(scope, order, slot, heap[0]!) < 0) replace(scope, order, heap, slot);
      if (heap.length === limit) worst = keyOf(order, heap[0]!);
    }
  }
  return { slots: heap.sort((a, b) => compareRows(scope, order, a, b)), before };
}

/** The first of all rows; -1 where there is none. */
export const firstRow = (scope: Scope, bits: Bits, order: Order): number =>
  pageOf(scope, bits, order, null, 1).slots[0] ?? -1;

/** How many rows have a smaller key than this one, and how many the same. */
export function countKeys(
  bits: Bits,
  { column, sign }: Order,
  key: number,
): { less: number; same: number } {
  let [less, same] = [0, 0];
  for (let at = 0; at < bits.length; at++) {
    for (let word = bits[at]!; word !== 0; word &= word - 1) {
      const said = column[rowIn(at, word)]! * sign;
      if (said < key) less += 1;
      else if (said === key) same += 1;
    }
  }
  return { less, same };
}

/** The heap's first is the row that stands last. */
function push(scope: Scope, order: Order, heap: number[], slot: number): void {
  let at = heap.length;
  heap.push(slot);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (compareRows(scope, order, heap[parent]!, slot) >= 0) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = slot;
}

function replace(scope: Scope, order: Order, heap: number[], slot: number): void {
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && compareRows(scope, order, heap[child + 1]!, heap[child]!) > 0) {
      child += 1;
    }
    if (compareRows(scope, order, heap[child]!, slot) <= 0) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = slot;
}
