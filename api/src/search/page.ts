/** One page of a mask in an order: a heap of the rows that stand first, the rest unsorted. */
import type { Scope } from './filter.ts';
import type { Mask } from './loops.ts';
import { FIRST_INEXACT, totalOf } from './totals.ts';

export interface Order {
  /** By the currency's code: which stands before which; all alike where they do not part. */
  groups: Uint8Array;
  /** By row, the least first. */
  keys: Float64Array;
  /** Of equal keys the cheaper (1) or the dearer (-1) first, or neither (0); then by id. */
  by_total: 1 | 0 | -1;
}

/** The row after which a page begins, as it was when it was shown. */
export interface Place {
  group: number;
  key: number;
  total_e9s: bigint;
  high: number;
  low: number;
}

export interface Page {
  slots: number[];
  /** By the currency's code: how many rows there are, and how many stand before the page. */
  counts: Uint32Array;
  before: Uint32Array;
}

/** Below zero where row `a` stands before row `b`, keys and groups being equal. */
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

export function compareRows(scope: Scope, order: Order, a: number, b: number): number {
  const { currency } = scope.table.codes;
  const { groups, keys } = order;
  return (
    groups[currency[a]!]! - groups[currency[b]!]! ||
    keys[a]! - keys[b]! ||
    compareTies(scope, order, a, b)
  );
}

/** The first rows of a mask after a place, at most `limit`. */
export function pageOf(
  scope: Scope,
  mask: Mask,
  order: Order,
  after: Place | null,
  limit: number,
): Page {
  const { currency } = scope.table.codes;
  const { groups, keys } = order;
  const counts = new Uint32Array(groups.length);
  const before = new Uint32Array(groups.length);
  const heap: number[] = [];
  const afterGroup = after?.group ?? -1;
  const afterKey = after?.key ?? 0;
  let worstGroup = Infinity;
  let worstKey = Infinity;
  for (let slot = 0; slot < scope.table.size; slot++) {
    if (mask[slot] === 0) continue;
    const code = currency[slot]!;
    counts[code]! += 1;
    const group = groups[code]!;
    const key = keys[slot]!;
    if (group <= afterGroup && after !== null) {
      const passed =
        group < afterGroup ||
        key < afterKey ||
        (key === afterKey && compareToPlace(scope, order, slot, after) <= 0);
      if (passed) {
        before[code]! += 1;
        continue;
      }
    }
    if (group > worstGroup || (group === worstGroup && key > worstKey)) continue;
    if (heap.length < limit) push(scope, order, heap, slot);
    else if (compareRows(scope, order, slot, heap[0]!) < 0) replace(scope, order, heap, slot);
    else continue;
    if (heap.length === limit) {
      worstGroup = groups[currency[heap[0]!]!]!;
      worstKey = keys[heap[0]!]!;
    }
  }
  const slots = heap.sort((a, b) => compareRows(scope, order, a, b));
  return { slots, counts, before };
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
