import { idPrefixes, type IdKind } from '@berth/shared/ids';

/** Chance that comes out the same for the same seed. */
export interface Draw {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `most`. */
  below(most: number): number;
  chance(part: number): boolean;
  /** A log-normal factor around 1: `sigma` 0.3 keeps two of three between 0.74 and 1.35. */
  spread(sigma: number): number;
  id(kind: IdKind): string;
}

const WORD = 2 ** 32;
const STEP = 0x9e3779b9;
const ID_LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_LENGTH = 20;
const BITS = 5;
/** As many as 32 bits hold. */
const LETTERS_PER_WORD = 6;

/** Splitmix32: small, quick, and even enough for a market. */
export function makeDraw(seed: number): Draw {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + STEP) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const next = (): number => word() / WORD;
  return {
    next,
    below: (most) => Math.floor(next() * most),
    chance: (part) => next() < part,
    // Box and Muller.
    spread: (sigma) =>
      Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
    id(kind) {
      let text = `${idPrefixes[kind]}_`;
      let bits = 0;
      for (let at = 0; at < ID_LENGTH; at += 1) {
        bits = at % LETTERS_PER_WORD === 0 ? word() : bits >>> BITS;
        text += ID_LETTERS[bits & (ID_LETTERS.length - 1)];
      }
      return text;
    },
  };
}

export type Pick<T> = (draw: Draw) => T;

/** Picks each item as often as its weight says. */
export function weighted<T>(items: readonly (readonly [T, number])[]): Pick<T> {
  const upTo = new Float64Array(items.length);
  let sum = 0;
  for (const [at, [, weight]] of items.entries()) upTo[at] = sum += weight;
  return (draw) => {
    const wanted = draw.next() * sum;
    let [low, high] = [0, items.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] as number) > wanted) high = middle;
      else low = middle + 1;
    }
    return (items[low] as readonly [T, number])[0];
  };
}

/** Picks the nth item 1/n as often as the first: how words of a language are met. */
export const zipf = <T>(items: readonly T[]): Pick<T> =>
  weighted(items.map((item, at) => [item, 1 / (at + 1)]));

export const evenly =
  <T>(items: readonly T[]): Pick<T> =>
  (draw) =>
    items[draw.below(items.length)] as T;
