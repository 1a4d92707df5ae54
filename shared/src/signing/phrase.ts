import { counted } from '../count.ts';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { generateMnemonic, mnemonicToSeedSync, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { utf8, type Bytes } from './bytes.ts';

/** Pages load this file, with its 2,048 words, only when a phrase is made or typed. */
export const PHRASE_LENGTHS: readonly number[] = [12, 24];
export const MAX_PHRASE_CHARS = 1_000;
const PHRASE_BITS = 128;
const SECRET_BYTES = 32;
/** Words further apart than this are not a slip of the finger. */
const MAX_SLIPS = 2;

/** A new recovery phrase of 12 words, from the system's randomness. */
export const makePhrase = (): string => generateMnemonic(wordlist, PHRASE_BITS);

export type ReadPhrase = { ok: true; phrase: string } | { ok: false; sentence: string };

/** Reads a phrase as a person types it: any case, any spacing; says what is wrong in a sentence. */
export function readPhrase(text: string): ReadPhrase {
  const refuse = (sentence: string): ReadPhrase => ({ ok: false, sentence });
  if (text.length > MAX_PHRASE_CHARS) return refuse('That is too long to be a recovery phrase.');
  const words = text.normalize('NFKD').toLowerCase().split(/\s+/).filter(Boolean);
  const wrong = words.findIndex((word) => !wordlist.includes(word));
  if (wrong >= 0) return refuse(misspelt(words[wrong] as string, wrong + 1));
  if (!PHRASE_LENGTHS.includes(words.length)) {
    const count = counted(words.length, 'word');
    return refuse(`A recovery phrase has 12 or 24 words; this has ${count}.`);
  }
  const phrase = words.join(' ');
  if (validateMnemonic(phrase, wordlist)) return { ok: true, phrase };
  return refuse(
    'Every word is known, but together they are not a recovery phrase: ' +
      'check their order, and that none was swapped for another.',
  );
}

function misspelt(word: string, place: number): string {
  const near = nearestWord(word);
  const sentence = `Word ${place}, "${word}", is not a word of a recovery phrase.`;
  return near === null ? sentence : `${sentence} Did you mean "${near}"?`;
}

function nearestWord(word: string): string | null {
  let best = { word: null as string | null, slips: MAX_SLIPS + 1 };
  for (const candidate of wordlist) {
    if (Math.abs(candidate.length - word.length) > MAX_SLIPS) continue;
    const slips = slipsBetween(word, candidate);
    if (slips < best.slips) best = { word: candidate, slips };
  }
  return best.slips < word.length ? best.word : null;
}

/** Optimal string alignment: letters added, left out or changed, or two neighbours swapped. */
function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(changed, (last[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] as number) + 1);
      }
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}

/**
 * The account secret of a phrase that `readPhrase` gave, the 32-byte seed for `keyPairOf`:
 * HMAC-SHA512("ed25519 seed", BIP-39 seed), as existing Decent Cloud identities are derived.
 */
export function accountSecretOf(phrase: string): Bytes {
  const seed = mnemonicToSeedSync(phrase);
  const derived = hmac(sha512, utf8('ed25519 seed'), seed);
  const secret = derived.slice(0, SECRET_BYTES);
  seed.fill(0);
  derived.fill(0);
  return secret;
}
