import { generateMnemonic } from '@scure/bip39';
import { wordlist as chinese } from '@scure/bip39/wordlists/simplified-chinese.js';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import { wordlist as japanese } from '@scure/bip39/wordlists/japanese.js';
import { wordlist as korean } from '@scure/bip39/wordlists/korean.js';
import { expect, test } from 'vitest';
import { languageOf } from './phrase-languages.ts';

test.each([
  ['French', french],
  ['Japanese', japanese],
  ['Korean', korean],
  ['simplified Chinese', chinese],
])('a phrase of another list is known by its words: %s', async (language, wordlist) => {
  const text = generateMnemonic(wordlist);
  expect(await languageOf(text)).toBe(language);
  expect(await languageOf(text.normalize('NFKD'))).toBe(language);
});

test('words of Chinese need no space, and English, few or no words are of no other list', async () => {
  expect(await languageOf(chinese.slice(0, 12).join(''))).toBe('simplified Chinese');
  expect(await languageOf(generateMnemonic(english))).toBeNull();
  expect(await languageOf('ábaco abdomen')).toBeNull();
  expect(await languageOf('qqq www eee rrr')).toBeNull();
});
