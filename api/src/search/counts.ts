/** Histograms of codes. */
import { countBoth, type Bits } from './bits.ts';

/** Neighbouring rows use separate counters, as adding to one twice in a row stalls. */
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
