/** The word for so many: of 1 `hour`, of 2 `hours`, or the plural that is given. */
export const wordFor = (count: number, one: string, many = `${one}s`): string =>
  count === 1 ? one : many;

/** A count and its word, which agree: `1 hour`, `2 hours`, `1,200 entries`. */
export const counted = (count: number, one: string, many?: string): string =>
  `${count.toLocaleString('en')} ${wordFor(count, one, many)}`;
