/** Counts over some rows: directly, or as the counts of all rows less those of the others. */
import { countBits, dropBits, listBits, type Bits } from './bits.ts';
import { countCodes } from './counts.ts';
import type { Scope } from './filter.ts';
import {
  combinationNames,
  combinations,
  setOf,
  type CodeName,
  type TagName,
  type ValueName,
} from './table.ts';

export interface FacetCounts {
  /** The rows that count. */
  rows: Bits;
  /** By code. */
  values(name: ValueName): Uint32Array;
  tags(name: TagName): Uint32Array;
}

export function facetCountsOf(scope: Scope, rows: Bits): FacetCounts {
  const { codes, dictionaries, live } = scope.table;
  const byOthers = countBits(rows) * 2 > live;
  const list = byOthers ? listOthers(scope, rows) : listBits(rows);
  const known = new Map<CodeName, Uint32Array>();
  const count = (name: CodeName): Uint32Array => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const all = dictionaries[name].counts;
    const counts = countCodes(list, codes[name], all.length);
    if (byOthers) for (let at = 0; at < counts.length; at++) counts[at] = all[at]! - counts[at]!;
    known.set(name, counts);
    return counts;
  };
  return {
    rows,
    values(name) {
      const place = placeOf(name);
      if (place === null) return count(name);
      const counts = new Uint32Array(dictionaries[name].counts.length);
      const together = count(place.combination);
      dictionaries[place.combination].items.forEach((values, code) => {
        if (values !== null) counts[values[place.at]!]! += together[code]!;
      });
      return counts;
    },
    tags(name) {
      const counts = new Uint32Array(dictionaries[name].counts.length);
      const together = count(setOf[name]);
      dictionaries[setOf[name]].items.forEach((tags, code) => {
        for (const tag of tags ?? []) counts[tag]! += together[code]!;
      });
      return counts;
    },
  };
}

/** The combination that a value is counted in, and its place there; null where it is in none. */
function placeOf(name: ValueName) {
  for (const combination of combinationNames) {
    const at = (combinations[combination] as readonly ValueName[]).indexOf(name);
    if (at >= 0) return { combination, at };
  }
  return null;
}

function listOthers({ table, pool }: Scope, rows: Bits): Uint32Array {
  const others = pool.copy(table.alive);
  dropBits(others, rows);
  const list = listBits(others);
  pool.give(others);
  return list;
}
