/** The rows that a search finds, each currency's by themselves. */
import type { Scope } from './filter.ts';
import { asWords, ONES, type Mask } from './loops.ts';

export interface Found {
  /** By the currency's code, each ascending. */
  rows: readonly Uint32Array[];
  /** Rows that match, but cannot be rented for the hours. */
  excluded: number;
}

/** As many numbers as `foundRows` needs. */
export const roomFor = ({ table }: Scope): number =>
  table.size + table.dictionaries.currency.counts.length;

/** The rows are in `room`, until it is used again. */
export function foundRows({ table, totals }: Scope, mask: Mask, room: Uint32Array): Found {
  const { counts } = table.dictionaries.currency;
  const currency = table.codes.currency;
  const starts = new Uint32Array(counts.length);
  // Each currency has room for its rows, and for one that is written and does not count.
  for (let code = 1; code < counts.length; code++) {
    starts[code] = starts[code - 1]! + counts[code - 1]! + 1;
  }
  const next = starts.slice();
  const words = asWords(mask);
  const alive = asWords(table.alive);
  const fits = asWords(totals.fits);
  let excluded = 0;
  for (let at = 0; at < words.length; at++) {
    const asked = words[at]!;
    if (asked === 0) continue;
    excluded += Math.imul(asked & alive[at]! & ~fits[at]!, ONES) >>> 24;
    let hits = asked & fits[at]!;
    for (let slot = at * 4; hits !== 0; slot++) {
      const code = currency[slot]!;
      room[next[code]!] = slot;
      next[code]! += hits & 1;
      hits >>>= 8;
    }
  }
  return { rows: Array.from(starts, (start, code) => room.subarray(start, next[code])), excluded };
}
