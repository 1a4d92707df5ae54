/**
 * Sets of rows, a bit each: row r is bit r % 32 of word r >> 5. All sets of a table are as long as
 * its columns, which is a whole number of words, so that 32 rows join at once.
 */
export type Bits = Int32Array<ArrayBuffer>;

export const WORD_ROWS = 32;
const ALL = -1;
/** From so many rows of a word on, looking at all of them is quicker than finding each. */
const MANY = 12;

/** A row's values are those from its start on, as many as its count. */
export interface TagLists {
  starts: Uint32Array;
  counts: Uint8Array;
  values: Uint32Array;
}

export const makeBits = (capacity: number): Bits => new Int32Array(capacity / WORD_ROWS);

export function addRow(bits: Bits, row: number): void {
  bits[row >> 5]! |= 1 << row;
}

export function dropRow(bits: Bits, row: number): void {
  bits[row >> 5]! &= ~(1 << row);
}

export function keepBits(bits: Bits, others: Bits): void {
  for (let at = 0; at < bits.length; at++) bits[at]! &= others[at]!;
}

export function addBits(bits: Bits, others: Bits): void {
  for (let at = 0; at < bits.length; at++) bits[at]! |= others[at]!;
}

export function dropBits(bits: Bits, others: Bits): void {
  for (let at = 0; at < bits.length; at++) bits[at]! &= ~others[at]!;
}

const onesOf = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

export function countBits(bits: Bits): number {
  let count = 0;
  for (let at = 0; at < bits.length; at++) count += onesOf(bits[at]!);
  return count;
}

/** How many rows stand in both. */
export function countBoth(bits: Bits, others: Bits): number {
  let count = 0;
  for (let at = 0; at < bits.length; at++) {
    const both = bits[at]! & others[at]!;
    if (both !== 0) count += onesOf(both);
  }
  return count;
}

/** Keeps the rows whose code the table has. */
export function keepCodes(bits: Bits, codes: Uint32Array, table: Uint8Array): void {
  for (let at = 0; at < bits.length; at++) {
    let word = bits[at]!;
    if (word === 0) continue;
    const first = at * WORD_ROWS;
    let kept = 0;
    if (onesOf(word) >= MANY) {
      for (let bit = 0; bit < WORD_ROWS; bit++) kept |= table[codes[first + bit]!]! << bit;
      bits[at] = word & kept;
      continue;
    }
    do {
      const bit = 31 - Math.clz32(word & -word);
      kept |= table[codes[first + bit]!]! << bit;
      word &= word - 1;
    } while (word !== 0);
    bits[at] = kept;
  }
}

/** Keeps the rows whose number is from `least` to `most`; NaN never is. */
export function keepRange(
  bits: Bits,
  numbers: Float64Array,
  { least, most }: { least: number; most: number },
): void {
  for (let at = 0; at < bits.length; at++) {
    let word = bits[at]!;
    if (word === 0) continue;
    const first = at * WORD_ROWS;
    let kept = 0;
    if (onesOf(word) >= MANY) {
      for (let bit = 0; bit < WORD_ROWS; bit++) {
        const number = numbers[first + bit]!;
        kept |= (number >= least && number <= most ? 1 : 0) << bit;
      }
      bits[at] = word & kept;
      continue;
    }
    do {
      const bit = 31 - Math.clz32(word & -word);
      const number = numbers[first + bit]!;
      if (number >= least && number <= most) kept |= 1 << bit;
      word &= word - 1;
    } while (word !== 0);
    bits[at] = kept;
  }
}

/** Keeps the rows of which any value is in the table. */
export function keepTags(bits: Bits, { starts, counts, values }: TagLists, table: Uint8Array) {
  for (let at = 0; at < bits.length; at++) {
    let word = bits[at]!;
    let kept = 0;
    for (; word !== 0; word &= word - 1) {
      const bit = 31 - Math.clz32(word & -word);
      const slot = at * WORD_ROWS + bit;
      const from = starts[slot]!;
      let held = 0;
      for (let tag = from + counts[slot]! - 1; tag >= from; tag--) held |= table[values[tag]!]!;
      kept |= held << bit;
    }
    bits[at] = kept;
  }
}

/** Keeps the rows that a test holds for; for what no column says. */
export function keepRows(bits: Bits, holds: (row: number) => boolean): void {
  for (let at = 0; at < bits.length; at++) {
    let word = bits[at]!;
    while (word !== 0) {
      const row = at * WORD_ROWS + 31 - Math.clz32(word & -word);
      if (!holds(row)) dropRow(bits, row);
      word &= word - 1;
    }
  }
}

/** Goes through the rows of a set, a block at a time that stays in the processor's own memory. */
export interface Walk {
  bits: Bits;
  /** The word that comes next. */
  at: number;
  /** The rows of a block by their numbers, ascending. */
  rows: Uint32Array;
}

const BLOCK_ROWS = 2_048;

export const walkBits = (bits: Bits): Walk => ({
  bits,
  at: 0,
  rows: new Uint32Array(BLOCK_ROWS + WORD_ROWS),
});

/** Puts the next block into `rows`; answers how many they are, 0 at the end. */
export function nextRows(walk: Walk): number {
  const { bits, rows } = walk;
  let count = 0;
  let { at } = walk;
  for (; at < bits.length && count < BLOCK_ROWS; at++) {
    count = listWord(bits[at]!, at * WORD_ROWS, rows, count);
  }
  walk.at = at;
  return count;
}

function listWord(word: number, first: number, into: Uint32Array, from: number): number {
  let count = from;
  if (word === ALL) {
    for (let bit = 0; bit < WORD_ROWS; bit++) into[count + bit] = first + bit;
    return count + WORD_ROWS;
  }
  for (let left = word; left !== 0; left &= left - 1) {
    into[count++] = first + 31 - Math.clz32(left & -left);
  }
  return count;
}

/** All rows by their numbers, ascending. */
export function listBits(bits: Bits): Uint32Array {
  const rows = new Uint32Array(countBits(bits));
  let count = 0;
  for (let at = 0; at < bits.length; at++) {
    count = listWord(bits[at]!, at * WORD_ROWS, rows, count);
  }
  return rows;
}

/** Sets that were used before, so that a search leaves nothing to collect. */
export interface Pool {
  /** A set of any rows. */
  take(): Bits;
  /** The same rows as another. */
  copy(bits: Bits): Bits;
  give(bits: Bits): void;
}

export function makePool(capacity: number): Pool {
  const free: Bits[] = [];
  const take = () => free.pop() ?? makeBits(capacity);
  return {
    take,
    copy(bits) {
      const copied = take();
      copied.set(bits);
      return copied;
    },
    give(bits) {
      free.push(bits);
    },
  };
}
