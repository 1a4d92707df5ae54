import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { fromHex, toHex } from './bytes.ts';
import { keyPairOf } from './keys.ts';
import { accountSecretOf, makePhrase, readPhrase } from './phrase.ts';
import { principalOf } from './principal.ts';

const ABANDON = `${'abandon '.repeat(11)}about`;
const ABANDON_24 = `${'abandon '.repeat(23)}art`;
const sentenceOf = (text: string) => {
  const read = readPhrase(text);
  return read.ok ? null : read.sentence;
};

test('an existing identity is derived from its phrase as it always was', () => {
  const secret = accountSecretOf(ABANDON);
  expect(toHex(secret)).toBe('560f9f3c94558b6551928bb781cf6092c6b8800b4fc544af2c9444ed126d51aa');
  const { public_key } = keyPairOf(secret);
  expect(public_key).toBe('e96b1c6b8769fdb0b34fbecfdf85c33b053cecad9517e1ab88cba614335775c1');
  expect(principalOf(public_key)).toBe(
    'wtaij-eauol-z6qgp-gmi4c-ix5wy-26i2y-tzfab-4szan-wcgvj-nylha-4ae',
  );
});

test('a principal and a key come out of an empty seed as they always did', () => {
  const hmac = createHmac('sha512', 'ed25519 seed').update(new Uint8Array(32)).digest();
  const { public_key } = keyPairOf(hmac.subarray(0, 32));
  expect(public_key).toBe('4a93078bcabea4de4984fe077b1b22343525f538f0edf31c30c297d087411ef2');
  expect(principalOf(public_key)).toBe(
    'tuke6-qjtdo-jtp67-maudl-vlprb-szzw2-fvlmx-a5i3v-pqqbt-tmn3q-eae',
  );
});

test('a raw secret gives the public key that it always gave', () => {
  const secret = fromHex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
  expect(keyPairOf(secret).public_key).toBe(
    '03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8',
  );
});

test('a new phrase has 12 words, reads back as itself and is never the same twice', () => {
  const phrases = Array.from({ length: 20 }, makePhrase);
  expect(new Set(phrases).size).toBe(phrases.length);
  for (const phrase of phrases) {
    expect(phrase.split(' ')).toHaveLength(12);
    expect(readPhrase(phrase)).toEqual({ ok: true, phrase });
  }
});

test('a phrase reads the same in any case and spacing, with 12 or 24 words', () => {
  const typed = `\n  ${ABANDON.toUpperCase().replaceAll(' ', ' \t ')}\r\n`;
  expect(readPhrase(typed)).toEqual({ ok: true, phrase: ABANDON });
  expect(readPhrase(ABANDON_24)).toEqual({ ok: true, phrase: ABANDON_24 });
});

test.each([
  ['abandom', 'abandon'],
  ['abotu', 'about'],
  ['zooo', 'zoo'],
  ['recieve', 'receive'],
])('a slip of the finger is named and the nearest word suggested: %s', (typed, meant) => {
  expect(sentenceOf(`${'abandon '.repeat(2)}${typed} ${'abandon '.repeat(9)}`)).toBe(
    `Word 3, "${typed}", is not a word of a recovery phrase. Did you mean "${meant}"?`,
  );
});

test('a word that resembles none is named without a suggestion', () => {
  expect(sentenceOf('xylophonist')).toBe(
    'Word 1, "xylophonist", is not a word of a recovery phrase.',
  );
});

test('a phrase of another length says how many words it has', () => {
  expect(sentenceOf('')).toBe('A recovery phrase has 12 or 24 words; this has 0 words.');
  expect(sentenceOf('abandon')).toBe('A recovery phrase has 12 or 24 words; this has 1 word.');
  expect(sentenceOf('abandon '.repeat(15))).toContain('this has 15 words');
});

test('right words in a wrong order get a sentence of their own', () => {
  expect(sentenceOf(`about ${'abandon '.repeat(11)}`)).toMatch(
    /^Every word is known, but together/,
  );
});

test('a book is not searched for a phrase', () => {
  expect(sentenceOf('abandon '.repeat(1_000))).toBe('That is too long to be a recovery phrase.');
});
