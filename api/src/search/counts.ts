/** How many rows have what. */
import { countBoth, type Bits } from './bits.ts';
import { EXPONENTS, EXPONENT_SHIFT } from './spread.ts';
import type { Tags } from './table.ts';

/** Neighbours count apart: adding to the same place twice in a row waits for the first. */
const LANES = 4;

function joinLanes(lanes: Uint32Array, width: number): Uint32Array {
  const counts = lanes.slice(0, width);
  for (let at = width; at < lanes.length; at++) counts[at % width]! += lanes[at]!;
  return counts;
}

/** By the code of a choice. */
export const countHolders = (bits: Bits, holders: readonly Bits[], width: number): Uint32Array =>
  Uint32Array.from({ length: width }, (_, code) => {
    const held = holders[code];
    return held ? countBoth(bits, held) : 0;
  });

/** By code. */
export function countCodes(rows: Uint32Array, codes: Uint32Array, width: number): Uint32Array {
  const lanes = new Uint32Array(width * LANES);
  for (let at = 0; at < rows.length; at++) {
    lanes[(at & (LANES - 1)) * width + codes[rows[at]!]!]! += 1;
  }
  return joinLanes(lanes, width);
}

/** By code; a row may have several. */
export function countTags(rows: Uint32Array, tags: Tags, width: number): Uint32Array {
  const { starts, counts, values } = tags;
  const found = new Uint32Array(width);
  for (let at = 0; at < rows.length; at++) {
    const slot = rows[at]!;
    const from = starts[slot]!;
    for (let tag = from + counts[slot]! - 1; tag >= from; tag--) found[values[tag]!]! += 1;
  }
  return found;
}

/** By the exponent of a float. */
export function countExponents(rows: Uint32Array, column: Float64Array): Uint32Array {
  const highs = new Uint32Array(column.buffer);
  const lanes = new Uint32Array(EXPONENTS * LANES);
  for (let at = 0; at < rows.length; at++) {
    const exponent = highs[rows[at]! * 2 + 1]! >>> EXPONENT_SHIFT;
    lanes[(at & (LANES - 1)) * EXPONENTS + exponent]! += 1;
  }
  return joinLanes(lanes, EXPONENTS);
}
