/**
 * Sets of rows, a bit each: row r is bit r % 32 of word r >> 5. All sets of a table are as long as
 * its columns, which is a whole number of words, so that 32 rows join at once.
 */
export type Bits = Int32Array<ArrayBuffer>;

export const WORD_ROWS = 32;
/** With at least this many bits set in a word, testing all 32 is faster than finding each. */
const MANY = 12;

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

/** The size of the intersection. */
export function countBoth(bits: Bits, others: Bits): number {
  let count = 0;
  for (let at = 0; at < bits.length; at++) {
    const both = bits[at]! & others[at]!;
    if (both !== 0) count += onesOf(both);
  }
  return count;
}

/** The lowest bit set in a word that is not 0. */
export const rowIn = (at: number, word: number): number =>
  (at << 5) + 31 - Math.clz32(word & -word);

/** Keeps the rows whose code is set in `table`. */
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

/** Keeps the rows that a test holds for; for what no column says. */
export function keepRows(bits: Bits, holds: (row: number) => boolean): void {
  for (let at = 0; at < bits.length; at++) {
    let word = bits[at]!;
    while (word !== 0) {
      const row = rowIn(at, word);
      if (!holds(row)) dropRow(bits, row);
      word &= word - 1;
    }
  }
}

/** All rows by their numbers, ascending. */
export function listBits(bits: Bits): Uint32Array {
  const rows = new Uint32Array(countBits(bits));
  let count = 0;
  for (let at = 0; at < bits.length; at++) {
    for (let word = bits[at]!; word !== 0; word &= word - 1) rows[count++] = rowIn(at, word);
  }
  return rows;
}

/** A pool of sets to reuse, so that a search leaves no garbage. */
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
