/** The words of all rows: which rows hold a word, and each row's words in their order. */
import { addRow, keepRows, type Bits } from './bits.ts';
import { makeBytes, pushNumber, readNumbers, type Bytes } from './bytes.ts';
import { addWord, findWord, makeSpelling, readWords, type Spelling } from './spelling.ts';

/** Between two fields in the stream, so that no phrase goes across; words count from 1. */
const BREAK = 0;
/** New words wait unsorted up to this many. */
const MAX_UNSORTED = 2_000;

export interface Words {
  /** Ids by spelling; the first is the break. */
  spelling: Spelling;
  /** How many living rows hold a word. */
  counts: number[];
  first: number[];
  last: number[];
  /** The rows after the first, each as its distance from the one before. */
  later: (Bytes | null)[];
  /** Ids by spelling, and how many of all are among them. */
  sorted: number[];
  stream: Bytes;
  /** Where each row's words begin in the stream; as many as rows, and one more. */
  starts: number[];
}

const NO_ROW = -1;

export const makeWords = (): Words => ({
  spelling: makeSpelling(),
  counts: [0],
  first: [NO_ROW],
  last: [NO_ROW],
  later: [null],
  sorted: [],
  stream: makeBytes(1024),
  starts: [0],
});

function idOf(words: Words, word: string): number {
  const known = findWord(words.spelling, word);
  if (known !== 0) return known;
  words.counts.push(0);
  words.first.push(NO_ROW);
  words.last.push(NO_ROW);
  words.later.push(null);
  return addWord(words.spelling, word);
}

const scratch: number[] = [];

/** Adds the next row: its texts, field by field. */
export function addWords(words: Words, texts: readonly string[]): void {
  const slot = words.starts.length - 1;
  const add = (word: string) => idOf(words, word);
  for (const text of texts) {
    const count = readWords(words.spelling, text, scratch, add);
    for (let at = 0; at < count; at++) {
      pushNumber(words.stream, scratch[at]!);
      addPosting(words, scratch[at]!, slot);
    }
    pushNumber(words.stream, BREAK);
  }
  words.starts.push(words.stream.length);
}

function addPosting(words: Words, id: number, slot: number): void {
  const last = words.last[id]!;
  if (last === slot) return;
  words.counts[id]! += 1;
  words.last[id] = slot;
  if (last === NO_ROW) {
    words.first[id] = slot;
    return;
  }
  pushNumber((words.later[id] ??= makeBytes()), slot - last);
}

function idsOf(words: Words, slot: number): number {
  return readNumbers(words.stream, words.starts[slot]!, words.starts[slot + 1]!, scratch);
}

const said: number[] = [];
/** No word of a row. */
const UNKNOWN = -1;

/** Whether a row says just this. */
export function saysThis(words: Words, slot: number, texts: readonly string[]): boolean {
  const count = idsOf(words, slot);
  const idNow = (word: string) => findWord(words.spelling, word) || UNKNOWN;
  let at = 0;
  for (const text of texts) {
    const own = readWords(words.spelling, text, said, idNow);
    for (let word = 0; word < own; word++) if (scratch[at++] !== said[word]) return false;
    if (scratch[at++] !== BREAK) return false;
  }
  return at === count;
}

/** A row that is gone no longer counts. */
export function dropWords(words: Words, slot: number): void {
  const count = idsOf(words, slot);
  for (const id of new Set(scratch.slice(0, count))) if (id !== BREAK) words.counts[id]! -= 1;
}

/** The words of a phrase; null where one of them is nowhere. */
export function idsOfPhrase(words: Words, phrase: readonly string[]): number[] | null {
  const ids = phrase.map((word) => findWord(words.spelling, word));
  return ids.includes(BREAK) ? null : ids;
}

/** Adds the rows that hold a word, those of them that are dead too. */
export function addHolders(words: Words, id: number, out: Bits): void {
  let slot = words.first[id]!;
  if (slot === NO_ROW) return;
  addRow(out, slot);
  const later = words.later[id];
  if (!later) return;
  const { data, length } = later;
  let at = 0;
  while (at < length) {
    let byte = data[at++]!;
    let step = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      byte = data[at++]!;
      step |= (byte & 127) << shift;
    }
    slot += step;
    addRow(out, slot);
  }
}

/** Keeps the rows that hold these words one after the other in one field. */
export function keepPhrase(words: Words, ids: readonly number[], bits: Bits): void {
  if (ids.length < 2) return;
  const spoken = makeBytes();
  for (const id of ids) pushNumber(spoken, id);
  const { data } = words.stream;
  const needle = spoken.data.slice(0, spoken.length);
  const { starts } = words;
  keepRows(bits, (slot) => holdsBytes(data, starts[slot]!, starts[slot + 1]!, needle));
}

/** Only the last byte of a number is below 128, so that none is found from its middle on. */
function holdsBytes(data: Uint8Array, from: number, to: number, needle: Uint8Array): boolean {
  const first = needle[0];
  for (let at = from; at <= to - needle.length; at++) {
    if (data[at] !== first || (at > from && data[at - 1]! > 127)) continue;
    let same = 1;
    while (same < needle.length && data[at + same] === needle[same]) same++;
    if (same === needle.length) return true;
  }
  return false;
}

/** Sorts the words that are new; called before searches, so that a build sorts once. */
export function sortWords(words: Words, at_most = 0): void {
  const {
    sorted,
    spelling: { spelt },
  } = words;
  if (spelt.length - 1 - sorted.length <= at_most) return;
  const bySpelling = (a: number, b: number) => (spelt[a]! < spelt[b]! ? -1 : 1);
  const fresh = Array.from({ length: spelt.length - 1 - sorted.length }, (_, at) => {
    return sorted.length + 1 + at;
  }).sort(bySpelling);
  const merged: number[] = [];
  let at = 0;
  for (const id of fresh) {
    while (at < sorted.length && bySpelling(sorted[at]!, id) < 0) merged.push(sorted[at++]!);
    merged.push(id);
  }
  while (at < sorted.length) merged.push(sorted[at++]!);
  words.sorted = merged;
}

/** The words with this prefix. */
export function idsWith(words: Words, prefix: string): number[] {
  sortWords(words, MAX_UNSORTED);
  const {
    sorted,
    spelling: { spelt },
  } = words;
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spelt[sorted[middle]!]! < prefix) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (let at = low; at < sorted.length && spelt[sorted[at]!]!.startsWith(prefix); at++) {
    found.push(sorted[at]!);
  }
  for (let id = sorted.length + 1; id < spelt.length; id++) {
    if (spelt[id]!.startsWith(prefix)) found.push(id);
  }
  return found;
}

/** The same words for the rows that live, in their order. */
export function keepWords(words: Words, kept: readonly number[]): Words {
  const fresh = makeWords();
  fresh.stream = makeBytes(words.stream.length);
  for (const slot of kept) {
    const count = idsOf(words, slot);
    const ids = scratch.slice(0, count);
    for (const old of ids) {
      const id = old === BREAK ? BREAK : idOf(fresh, words.spelling.spelt[old]!);
      pushNumber(fresh.stream, id);
      if (id !== BREAK) addPosting(fresh, id, fresh.starts.length - 1);
    }
    fresh.starts.push(fresh.stream.length);
  }
  sortWords(fresh);
  return fresh;
}

export function wordsSize(words: Words): number {
  const lists = words.later.reduce((sum, bytes) => sum + (bytes?.data.length ?? 0), 0);
  const WORD_BYTES = 100;
  const START_BYTES = 8;
  const own = words.spelling.spelt.length * WORD_BYTES + words.starts.length * START_BYTES;
  return lists + words.stream.data.length + own;
}
