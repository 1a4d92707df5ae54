/** Values that many rows share: each row holds a value's code, and 0 where it has none. */
export interface Dictionary<T> {
  codes: Map<string, number>;
  /** By code; the first is no value. */
  keys: string[];
  items: (T | null)[];
  /** How many living rows have it. */
  counts: number[];
}

export const makeDictionary = <T>(): Dictionary<T> => ({
  codes: new Map(),
  keys: [''],
  items: [null],
  counts: [0],
});

/** The code of a value, which keeps the item that it had first. */
export function codeOf<T>(dictionary: Dictionary<T>, key: string, item: () => T): number {
  const known = dictionary.codes.get(key);
  if (known !== undefined) return known;
  const code = dictionary.keys.length;
  dictionary.codes.set(key, code);
  dictionary.keys.push(key);
  dictionary.items.push(item());
  dictionary.counts.push(0);
  return code;
}

/** For every code whether its item fits; no value never does. */
export function codesWhere<T>({ items }: Dictionary<T>, fits: (item: T) => boolean): Uint8Array {
  const table = new Uint8Array(items.length);
  for (let code = 1; code < items.length; code++) table[code] = fits(items[code]!) ? 1 : 0;
  return table;
}
