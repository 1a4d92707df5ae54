/** One page of some rows in an order: a heap of those that stand first, the rest unsorted. */
import type { Scope } from './filter.ts';
import { FIRST_INEXACT, totalOf } from './totals.ts';

export interface Order {
  /** By row, the least first. */
  keys: Float64Array;
  /** Of equal keys the cheaper (1) or the dearer (-1) first, or neither (0); then by id. */
  by_total: 1 | 0 | -1;
}

/** The row after which a page begins, as it was when it was shown. */
export interface Place {
  key: number;
  total_e9s: bigint;
  high: number;
  low: number;
}

interface Page {
  slots: number[];
  /** How many rows stand before the page. */
  before: number;
}

/** Below zero where row `a` stands before row `b`, their keys being equal. */
function compareTies({ table, totals }: Scope, { by_total }: Order, a: number, b: number): number {
  if (by_total !== 0) {
    const [one, other] = [totals.total[a]!, totals.total[b]!];
    if (one !== other) return (one - other) * by_total;
    if (one >= FIRST_INEXACT) {
      const [exact, against] = [totalOf(totals, a), totalOf(totals, b)];
      if (exact !== against) return exact < against ? -by_total : by_total;
    }
  }
  const { high, low } = table.ids;
  return high[a]! - high[b]! || low[a]! - low[b]!;
}

function compareToPlace(
  { table, totals }: Scope,
  { by_total }: Order,
  a: number,
  place: Place,
): number {
  if (by_total !== 0) {
    const exact = totalOf(totals, a);
    if (exact !== place.total_e9s) return exact < place.total_e9s ? -by_total : by_total;
  }
  return table.ids.high[a]! - place.high || table.ids.low[a]! - place.low;
}

function compareRows(scope: Scope, order: Order, a: number, b: number): number {
  return order.keys[a]! - order.keys[b]! || compareTies(scope, order, a, b);
}

/** The first rows of all lists after a place, at most `limit`. */
export function pageOf(
  scope: Scope,
  lists: readonly Uint32Array[],
  order: Order,
  after: Place | null,
  limit: number,
): Page {
  const { keys } = order;
  const heap: number[] = [];
  const afterKey = after?.key ?? -Infinity;
  let before = 0;
  let worst = Infinity;
  for (const rows of lists) {
    for (let at = 0; at < rows.length; at++) {
      const slot = rows[at]!;
      const key = keys[slot]!;
      if (key <= afterKey && after !== null) {
        if (key < afterKey || compareToPlace(scope, order, slot, after) <= 0) {
          before += 1;
          continue;
        }
      }
      if (key > worst) continue;
      if (heap.length < limit) push(scope, order, heap, slot);
      else if (compareRows(scope, order, slot, heap[0]!) < 0) replace(scope, order, heap, slot);
      if (heap.length === limit) worst = keys[heap[0]!]!;
    }
  }
  return { slots: heap.sort((a, b) => compareRows(scope, order, a, b)), before };
}

/** The first of all rows; -1 where there is none. */
export function firstRow(scope: Scope, rows: Uint32Array, order: Order): number {
  const { keys } = order;
  let first = -1;
  let least = Infinity;
  for (let at = 0; at < rows.length; at++) {
    const slot = rows[at]!;
    const key = keys[slot]!;
    if (key > least || (key === least && compareTies(scope, order, slot, first) >= 0)) continue;
    first = slot;
    least = key;
  }
  return first;
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
