/** Dictionary encoding: each row holds the code of its value, 0 where it has none. */
export interface Dictionary<T> {
  codes: Map<string, number>;
  /** Codes by what was written, before it was folded to a key. */
  written: Map<string, number>;
  /** By code; the first is no value. */
  keys: string[];
  items: (T | null)[];
  /** How many living rows have it. */
  counts: number[];
}

/** Cached folded texts; texts come from outside, so the cache is bounded. */
const MAX_WRITTEN = 100_000;

export const makeDictionary = <T>(): Dictionary<T> => ({
  codes: new Map(),
  written: new Map(),
  keys: [''],
  items: [null],
  counts: [0],
});

/** The code of a value; its first item is kept. */
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

/** The code of a text that is the same for all that `keyOf` folds to the same. */
export function codeOfText<T>(
  dictionary: Dictionary<T>,
  text: string,
  keyOf: (text: string) => string,
  item: (text: string) => T,
): number {
  const known = dictionary.written.get(text);
  if (known !== undefined) return known;
  const code = codeOf(dictionary, keyOf(text), () => item(text));
  if (dictionary.written.size < MAX_WRITTEN) dictionary.written.set(text, code);
  return code;
}

/** By code whether its item matches; code 0 never does. */
export function codesWhere<T>({ items }: Dictionary<T>, fits: (item: T) => boolean): Uint8Array {
  const table = new Uint8Array(items.length);
  for (let code = 1; code < items.length; code++) table[code] = fits(items[code]!) ? 1 : 0;
  return table;
}
