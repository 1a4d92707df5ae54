/**
 * The loops over all rows. A mask has a byte a row, 1 where it holds; its length is a multiple of
 * four, so that four rows join at once.
 */
export type Mask = Uint8Array<ArrayBuffer>;

const WORD_BYTES = 4;
export const ONES = 0x01010101;

export const makeMask = (size: number): Mask =>
  new Uint8Array(Math.ceil(size / WORD_BYTES) * WORD_BYTES);

/** Four rows at once. */
export const asWords = (mask: Uint8Array): Uint32Array =>
  new Uint32Array(mask.buffer, 0, Math.floor(mask.length / WORD_BYTES));

export function joinAll(mask: Mask, other: Mask): void {
  const [own, more] = [asWords(mask), asWords(other)];
  for (let at = 0; at < own.length; at++) own[at]! &= more[at]!;
}

export function joinAny(mask: Mask, other: Mask): void {
  const [own, more] = [asWords(mask), asWords(other)];
  for (let at = 0; at < own.length; at++) own[at]! |= more[at]!;
}

export function turn(mask: Mask): void {
  const own = asWords(mask);
  for (let at = 0; at < own.length; at++) own[at]! ^= ONES;
}

/** Rows whose code the table has. */
export function markCodes(mask: Mask, codes: Uint32Array, table: Uint8Array, size: number): void {
  for (let slot = 0; slot < size; slot++) mask[slot] = table[codes[slot]!]!;
}

/** Rows whose number is from `least` to `most`; NaN never is. */
export function markRange(
  mask: Mask,
  numbers: Float64Array,
  size: number,
  { least, most }: { least: number; most: number },
): void {
  for (let slot = 0; slot < size; slot++) {
    const number = numbers[slot]!;
    mask[slot] = number >= least && number <= most ? 1 : 0;
  }
}

/** Rows of which any value is in the table. */
export function markTags(
  mask: Mask,
  tags: { starts: Uint32Array; counts: Uint8Array; values: Uint32Array },
  table: Uint8Array,
  size: number,
): void {
  const { starts, counts, values } = tags;
  for (let slot = 0; slot < size; slot++) {
    let found = 0;
    const from = starts[slot]!;
    for (let at = from + counts[slot]! - 1; at >= from; at--) found |= table[values[at]!]!;
    mask[slot] = found;
  }
}

/** The rows of a mask by their numbers. */
export function listRows(mask: Uint8Array): Uint32Array {
  const words = asWords(mask);
  // One more is written where a row does not count.
  const rows = new Uint32Array(countMask(words) + 1);
  let count = 0;
  for (let at = 0; at < words.length; at++) {
    let hits = words[at]!;
    for (let slot = at * WORD_BYTES; hits !== 0; slot++) {
      rows[count] = slot;
      count += hits & 1;
      hits >>>= 8;
    }
  }
  return rows.subarray(0, count);
}

/** Neighbours count apart: adding to the same place twice in a row waits for the first. */
const LANES = 4;

/** How many of the rows have each code. */
export function countCodes(rows: Uint32Array, codes: Uint32Array, width: number): Uint32Array {
  const lanes = new Uint32Array(width * LANES);
  for (let at = 0; at < rows.length; at++) {
    lanes[(at & (LANES - 1)) * width + codes[rows[at]!]!]! += 1;
  }
  const counts = lanes.slice(0, width);
  for (let at = width; at < lanes.length; at++) counts[at % width]! += lanes[at]!;
  return counts;
}

function countMask(words: Uint32Array): number {
  let count = 0;
  for (let at = 0; at < words.length; at++) count += Math.imul(words[at]!, ONES) >>> 24;
  return count;
}
