/** What a comparison means as a range, of floats or of exact amounts. */
import type { Op } from '@berth/shared/market/fields';

export interface Range {
  least: number;
  most: number;
}

export const mirrored: Record<Op, Op> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** The closed range of floats that a comparison means. */
export function rangeOf(op: Op, value: number): Range {
  switch (op) {
    case '=':
      return { least: value, most: value };
    case '<':
      return { least: -Infinity, most: floatBefore(value) };
    case '<=':
      return { least: -Infinity, most: value };
    case '>':
      return { least: -floatBefore(-value), most: Infinity };
    case '>=':
      return { least: value, most: Infinity };
  }
}

export const rangeTest =
  ({ least, most }: Range) =>
  (value: number): boolean =>
    value >= least && value <= most;

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The greatest float below one. */
export function floatBefore(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  float[0] = value;
  bits[0]! += value > 0 ? -1n : 1n;
  return float[0];
}

interface Amounts {
  least: bigint;
  most: bigint;
}

const NO_LIMIT = 10n ** 40n;

/**
 * The totals whose `total * times` compares so with `amount * hours`: all integers, so that a price
 * by the hour or the month is compared as exactly as the total that is charged.
 */
export function amountsOf(op: Op, amount: bigint, times: bigint): Amounts {
  const floor = amount / times;
  const ceil = (amount + times - 1n) / times;
  switch (op) {
    case '=':
      return floor === ceil ? { least: floor, most: floor } : { least: 1n, most: 0n };
    case '<':
      return { least: 0n, most: ceil - 1n };
    case '<=':
      return { least: 0n, most: floor };
    case '>':
      return { least: floor + 1n, most: NO_LIMIT };
    case '>=':
      return { least: ceil, most: NO_LIMIT };
  }
}
