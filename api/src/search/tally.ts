/** Counts over some of the rows: directly, or as all living rows without the others, if fewer. */
import { countBits, dropBits, type Bits } from './bits.ts';
import { countCodes, countExponents, countHolders, countTags } from './counts.ts';
import type { Scope } from './filter.ts';
import type { ChoiceName, CodeName, CountedName, TagName } from './table.ts';

export interface Tally {
  /** The rows that count. */
  rows: Bits;
  choices(name: ChoiceName): Uint32Array;
  codes(name: CodeName): Uint32Array;
  tags(name: TagName): Uint32Array;
  exponents(name: CountedName): Uint32Array;
}

export function tallyOf({ table, pool }: Scope, rows: Bits): Tally {
  const byOthers = countBits(rows) * 2 > table.live;
  const known = new Map<string, Uint32Array>();
  /** `all` is of the living rows. */
  const count = (
    name: string,
    all: ArrayLike<number>,
    countOf: (rows: Bits) => Uint32Array,
  ): Uint32Array => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const some = byOthers ? othersOf() : rows;
    const counts = countOf(some);
    if (byOthers) {
      counts.forEach((one, at) => (counts[at] = all[at]! - one));
      pool.give(some);
    }
    known.set(name, counts);
    return counts;
  };
  function othersOf(): Bits {
    const others = pool.copy(table.alive);
    dropBits(others, rows);
    return others;
  }
  return {
    rows,
    choices(name) {
      return countHolders(rows, table.holders[name], table.dictionaries[name].counts.length);
    },
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
