/** How many rows have what. */
import { countBoth, nextRows, walkBits, type Bits } from './bits.ts';
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
export function countCodes(bits: Bits, codes: Uint32Array, width: number): Uint32Array {
  const lanes = new Uint32Array(width * LANES);
  const walk = walkBits(bits);
  for (let count = nextRows(walk); count > 0; count = nextRows(walk)) {
    const { rows } = walk;
    for (let at = 0; at < count; at++) {
      lanes[(at & (LANES - 1)) * width + codes[rows[at]!]!]! += 1;
    }
  }
  return joinLanes(lanes, width);
}

/** By code; a row may have several. */
export function countTags(bits: Bits, tags: Tags, width: number): Uint32Array {
  const { starts, counts, values } = tags;
  const found = new Uint32Array(width);
  const walk = walkBits(bits);
  for (let count = nextRows(walk); count > 0; count = nextRows(walk)) {
    const { rows } = walk;
    for (let at = 0; at < count; at++) {
      const slot = rows[at]!;
      const from = starts[slot]!;
      for (let tag = from + counts[slot]! - 1; tag >= from; tag--) found[values[tag]!]! += 1;
    }
  }
  return found;
}

/** By the exponent of a float. */
export function countExponents(bits: Bits, column: Float64Array): Uint32Array {
  const highs = new Uint32Array(column.buffer);
  const lanes = new Uint32Array(EXPONENTS * LANES);
  const walk = walkBits(bits);
  for (let count = nextRows(walk); count > 0; count = nextRows(walk)) {
    const { rows } = walk;
    for (let at = 0; at < count; at++) {
      const exponent = highs[rows[at]! * 2 + 1]! >>> EXPONENT_SHIFT;
      lanes[(at & (LANES - 1)) * EXPONENTS + exponent]! += 1;
    }
  }
  return joinLanes(lanes, EXPONENTS);
}
