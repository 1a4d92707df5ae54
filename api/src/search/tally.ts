/** Counts over some of the rows: directly, or as all living rows without the others, if fewer. */
import type { Scope } from './filter.ts';
import { countCodes, listRows, makeMask, turn, joinAll, type Mask } from './loops.ts';
import { countExponents } from './spread.ts';
import type { CodeName, CountedName, TagName } from './table.ts';

export interface Tally {
  /** The rows that count, by number. */
  rows: Uint32Array;
  codes(name: CodeName): Uint32Array;
  tags(name: TagName): Uint32Array;
  exponents(name: CountedName): Uint32Array;
}

export function tallyOf({ table }: Scope, mask: Mask): Tally {
  const rows = listRows(mask);
  const others = rows.length * 2 > table.live ? othersOf() : null;
  const known = new Map<string, Uint32Array>();
  function othersOf(): Uint32Array {
    const rest = mask.slice();
    turn(rest);
    const alive = makeMask(table.size);
    alive.set(table.alive.subarray(0, table.size));
    joinAll(rest, alive);
    return listRows(rest);
  }
  /** `all` is of the living rows. */
  const count = (
    name: string,
    all: ArrayLike<number>,
    countOf: (rows: Uint32Array) => Uint32Array,
  ): Uint32Array => {
    const counts = known.get(name) ?? countOf(others ?? rows);
    if (!known.has(name) && others) counts.forEach((one, at) => (counts[at] = all[at]! - one));
    known.set(name, counts);
    return counts;
  };
  return {
    rows,
    codes(name) {
      const { counts } = table.dictionaries[name];
      return count(name, counts, (some) => countCodes(some, table.codes[name], counts.length));
    },
    tags(name) {
      const { counts } = table.dictionaries[name];
      return count(name, counts, (some) => countTags(some, table.tags[name], counts.length));
    },
    exponents(name) {
      const column = table.numbers[name];
      return count(name, table.spreads[name].counts, (some) => countExponents(some, column));
    },
  };
}

function countTags(
  rows: Uint32Array,
  { starts, counts, values }: { starts: Uint32Array; counts: Uint8Array; values: Uint32Array },
  width: number,
): Uint32Array {
  const found = new Uint32Array(width);
  for (let at = 0; at < rows.length; at++) {
    const slot = rows[at]!;
    const from = starts[slot]!;
    for (let tag = from + counts[slot]! - 1; tag >= from; tag--) found[values[tag]!]! += 1;
  }
  return found;
}
