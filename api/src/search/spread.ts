import { nextRows, walkBits, type Bits } from './bits.ts';

/** How the numbers of a column are spread: their powers of two, and their ends. */
export interface Spread {
  /** By exponent how many living rows there are. */
  counts: Uint32Array;
  /** No number that was ever put is beyond; those that are left may be within. */
  least: number;
  most: number;
}

/** Those of a float: zero has the first, NaN the last. */
export const EXPONENTS = 2_048;
export const EXPONENT_BIAS = 1_023;
export const EXPONENT_SHIFT = 20;

export const makeSpread = (): Spread => ({
  counts: new Uint32Array(EXPONENTS),
  least: Infinity,
  most: -Infinity,
});

const float = new Float64Array(1);
const halves = new Uint32Array(float.buffer);

const exponentOf = (number: number): number => {
  float[0] = number;
  return halves[1]! >>> EXPONENT_SHIFT;
};

/** Adds a number, or takes it out. */
export function spreadNumber(spread: Spread, number: number, by: 1 | -1): void {
  spread.counts[exponentOf(number)]! += by;
  if (number < spread.least) spread.least = number;
  if (number > spread.most) spread.most = number;
}

/** About how many numbers lie between two: all of the powers of two that they lie in. */
export function countBetween({ counts }: Spread, { least, most }: { least: number; most: number }) {
  if (most < 0) return 0;
  let count = 0;
  const last = Math.min(exponentOf(most), EXPONENTS - 2);
  for (let at = exponentOf(Math.max(least, 0)); at <= last; at++) count += counts[at]!;
  return count;
}

/** The least and the most of some rows; the least is above the most where none is said. */
export function endsOf(bits: Bits, column: Float64Array, spread: Spread) {
  let least = Infinity;
  let most = -Infinity;
  const walk = walkBits(bits);
  for (let count = nextRows(walk); count > 0; count = nextRows(walk)) {
    const { rows } = walk;
    for (let at = 0; at < count; at++) {
      const number = column[rows[at]!]!;
      if (number < least) least = number;
      if (number > most) most = number;
    }
    // Nothing is beyond them.
    if (least === spread.least && most === spread.most) break;
  }
  return { least, most };
}
