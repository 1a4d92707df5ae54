/** Offering ids as two numbers of 50 bits, whose order is that of the text. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const PREFIX = 'off_';
const HALF = 10;
const values = new Uint8Array(128);
[...LETTERS].forEach((letter, value) => (values[letter.charCodeAt(0)] = value));

function halfOf(id: string, from: number): number {
  let half = 0;
  for (let at = from; at < from + HALF; at++) half = half * 32 + values[id.charCodeAt(at)]!;
  return half;
}

export const highOf = (id: string): number => halfOf(id, PREFIX.length);
export const lowOf = (id: string): number => halfOf(id, PREFIX.length + HALF);

function textOf(half: number): string {
  let text = '';
  let rest = half;
  for (let at = 0; at < HALF; at++) {
    text = `${LETTERS[rest % 32]}${text}`;
    rest = Math.floor(rest / 32);
  }
  return text;
}

export const idFrom = (high: number, low: number): string => PREFIX + textOf(high) + textOf(low);

/** A hash table with open addressing: row number plus one, 0 for a free slot. */
export interface IdIndex {
  places: Int32Array;
  used: number;
}

const FREE = 0;
const FIRST_PLACES = 1024;
const GONE = -1;

export const makeIdIndex = (rows = 0): IdIndex => {
  let size = FIRST_PLACES;
  while (size < rows * 2) size *= 2;
  return { places: new Int32Array(size), used: 0 };
};

const hashOf = (high: number, low: number): number =>
  (Math.imul(low | 0, 0x9e3779b1) ^ Math.imul(high | 0, 0x85ebca6b)) >>> 7;

interface Ids {
  high: Float64Array;
  low: Float64Array;
}

/** Below zero where the id of row `a` comes before that of row `b`. */
export const compareIds = ({ high, low }: Ids, a: number, b: number): number =>
  high[a]! - high[b]! || low[a]! - low[b]!;

/** The row of an id, null where there is none. */
export function findRow(index: IdIndex, ids: Ids, id: string): number | null {
  const place = placeOf(index, ids, highOf(id), lowOf(id));
  return place === null ? null : index.places[place]! - 1;
}

function placeOf({ places }: IdIndex, ids: Ids, high: number, low: number): number | null {
  const mask = places.length - 1;
  for (let place = hashOf(high, low) & mask; ; place = (place + 1) & mask) {
    const row = places[place]!;
    if (row === FREE) return null;
    if (row !== GONE && ids.high[row - 1] === high && ids.low[row - 1] === low) return place;
  }
}

/** Adds a row that is not there, or moves it to another number. */
export function setRow(index: IdIndex, ids: Ids, row: number): void {
  const place = placeOf(index, ids, ids.high[row]!, ids.low[row]!);
  if (place !== null) {
    index.places[place] = row + 1;
    return;
  }
  if ((index.used + 1) * 2 > index.places.length) growIndex(index, ids);
  insertRow(index, ids, row + 1);
}

function insertRow(index: IdIndex, ids: Ids, numbered: number): void {
  const { places } = index;
  const mask = places.length - 1;
  let place = hashOf(ids.high[numbered - 1]!, ids.low[numbered - 1]!) & mask;
  while (places[place] !== FREE) place = (place + 1) & mask;
  places[place] = numbered;
  index.used += 1;
}

function growIndex(index: IdIndex, ids: Ids): void {
  const rows = index.places.filter((numbered) => numbered > 0);
  Object.assign(index, makeIdIndex(rows.length * 2));
  for (const numbered of rows) insertRow(index, ids, numbered);
}

export function removeRow(index: IdIndex, ids: Ids, row: number): void {
  const place = placeOf(index, ids, ids.high[row]!, ids.low[row]!);
  if (place !== null) index.places[place] = GONE;
}
