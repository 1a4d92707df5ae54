/** Counts over some of the rows: directly, or as all living rows without the others, if fewer. */
import { countBits, dropBits, listBits, type Bits } from './bits.ts';
import { countCodes, countExponents, countTags } from './counts.ts';
import type { Scope } from './filter.ts';
import {
  choiceNames,
  type ChoiceName,
  type CodeName,
  type CountedName,
  type TagName,
} from './table.ts';

export interface Tally {
  /** The rows that count. */
  rows: Bits;
  choices(name: ChoiceName): Uint32Array;
  codes(name: CodeName): Uint32Array;
  tags(name: TagName): Uint32Array;
  exponents(name: CountedName): Uint32Array;
}

export function tallyOf(scope: Scope, rows: Bits): Tally {
  const { table } = scope;
  const byOthers = countBits(rows) * 2 > table.live;
  const known = new Map<string, Uint32Array>();
  let list: Uint32Array | null = null;
  /** `all` is of the living rows. */
  const count = (
    name: string,
    all: ArrayLike<number>,
    countOf: (list: Uint32Array) => Uint32Array,
  ): Uint32Array => {
    const found = known.get(name);
    if (found !== undefined) return found;
    list ??= byOthers ? listOthers(scope, rows) : listBits(rows);
    const counts = countOf(list);
    if (byOthers) for (let at = 0; at < counts.length; at++) counts[at] = all[at]! - counts[at]!;
    known.set(name, counts);
    return counts;
  };
  const codes = (name: CodeName) => {
    const { counts } = table.dictionaries[name];
    return count(name, counts, (some) => countCodes(some, table.codes[name], counts.length));
  };
  return {
    rows,
    codes,
    choices(name) {
      // All choices are counted at once, by their combinations.
      const { items } = table.dictionaries.choices;
      const at = choiceNames.indexOf(name);
      const together = codes('choices');
      const counts = new Uint32Array(table.dictionaries[name].counts.length);
      for (let code = 1; code < items.length; code++) counts[items[code]![at]!]! += together[code]!;
      return counts;
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

function listOthers({ table, pool }: Scope, rows: Bits): Uint32Array {
  const others = pool.copy(table.alive);
  dropBits(others, rows);
  const list = listBits(others);
  pool.give(others);
  return list;
}
