/** Words by number, found in a text without cutting it up: a million texts have few words. */
import { tokensOf } from './tokens.ts';

export interface Spelling {
  /** By number; the first is no word. */
  spelt: string[];
  /** Open addressing: a word's number, and 0 for a free place. */
  places: Int32Array;
}

const FIRST_PLACES = 4_096;
const ASCII = 128;
const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;

/** What a plain letter is compared as; 0 for what parts words. */
const folded = Uint8Array.from({ length: ASCII }, (_, code) => {
  const [word = ''] = tokensOf(String.fromCharCode(code));
  return word.length === 1 ? word.charCodeAt(0) : 0;
});

export const makeSpelling = (): Spelling => ({
  spelt: [''],
  places: new Int32Array(FIRST_PLACES),
});

const mix = (hash: number, code: number): number => Math.imul(hash ^ code, HASH_FACTOR);
const placeFor = (hash: number, { places }: Spelling): number =>
  (hash ^ (hash >>> 15)) & (places.length - 1);

function hashOf(word: string): number {
  let hash = HASH_START;
  for (let at = 0; at < word.length; at++) hash = mix(hash, word.charCodeAt(at));
  return hash;
}

/** The number of a word; 0 where it is not known. */
export function findWord(spelling: Spelling, word: string): number {
  const { spelt, places } = spelling;
  for (let place = placeFor(hashOf(word), spelling); ; place = (place + 1) % places.length) {
    const id = places[place]!;
    if (id === 0 || spelt[id] === word) return id;
  }
}

/** Adds a word that is not known; answers its number. */
export function addWord(spelling: Spelling, word: string): number {
  // A slice keeps the text alive that it was cut from.
  const id = spelling.spelt.push(Buffer.from(word).toString()) - 1;
  if (id * 2 <= spelling.places.length) setPlace(spelling, id);
  else {
    spelling.places = new Int32Array(spelling.places.length * 2);
    for (let one = 1; one <= id; one++) setPlace(spelling, one);
  }
  return id;
}

function setPlace(spelling: Spelling, id: number): void {
  const { spelt, places } = spelling;
  let place = placeFor(hashOf(spelt[id]!), spelling);
  while (places[place] !== 0) place = (place + 1) % places.length;
  places[place] = id;
}

/** Puts the number of each word of a text into `into`, 0 for one not known; answers how many. */
export function readWords(
  spelling: Spelling,
  text: string,
  into: number[],
  idOf: (word: string) => number,
): number {
  let count = 0;
  let from = 0;
  let hash = HASH_START;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    if (code >= ASCII) return readForeign(text, into, idOf);
    const letter = folded[code]!;
    if (letter !== 0) {
      hash = mix(hash, letter);
      continue;
    }
    if (at > from) {
      const known = placedAt(spelling, hash, text, from, at);
      into[count++] = known === 0 ? idOf(text.slice(from, at).toLowerCase()) : known;
    }
    from = at + 1;
    hash = HASH_START;
  }
  return count;
}

function readForeign(text: string, into: number[], idOf: (word: string) => number): number {
  const words = tokensOf(text);
  words.forEach((word, at) => (into[at] = idOf(word)));
  return words.length;
}

function placedAt(spelling: Spelling, hash: number, text: string, from: number, to: number) {
  const { spelt, places } = spelling;
  for (let place = placeFor(hash, spelling); ; place = (place + 1) % places.length) {
    const id = places[place]!;
    if (id === 0 || isSpelt(spelt[id]!, text, from, to)) return id;
  }
}

function isSpelt(word: string, text: string, from: number, to: number): boolean {
  if (word.length !== to - from) return false;
  for (let at = 0; at < word.length; at++) {
    if (word.charCodeAt(at) !== folded[text.charCodeAt(from + at)]) return false;
  }
  return true;
}
