/** The word for so many: `wordFor(1, 'hour')` is `hour`, `wordFor(2, 'entry', 'entries')` entries. */
export const wordFor = (count: number, one: string, many = `${one}s`): string =>
  count === 1 ? one : many;

/** A count and its word, which agree: `1 hour`, `2 hours`, `1,200 entries`. */
export const counted = (count: number, one: string, many?: string): string =>
  `${count.toLocaleString('en')} ${wordFor(count, one, many)}`;
