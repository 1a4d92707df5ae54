import { makePhrase } from '@berth/shared/signing/phrase';
import { expect, test } from 'vitest';
import { readTypedPhrase } from './typed-phrase.ts';

const phrase = makePhrase();
const words = phrase.split(' ');

test.each([
  ['one line', phrase],
  ['a numbered list', words.map((word, at) => `${at + 1}. ${word}`).join('\n')],
  ['numbers in brackets', words.map((word, at) => `(${at + 1}) ${word}`).join(' ')],
  ['commas', words.join(', ')],
  ['capitals and stray spaces', `  ${words.join('  \n').toUpperCase()} `],
  ['zero-width spaces between words', words.join('\u200b')],
  [
    'letters nobody sees inside words',
    `\ufeff${words.map((one) => `${one[0]}\u200d${one.slice(1)}`).join(' ')}`,
  ],
  ['bullets', words.map((word) => `• ${word}`).join('\n')],
  ['dashes and stars', words.map((word, at) => `${at % 2 ? '-' : '*'} ${word}`).join('\n')],
  ['quotation marks', `“${words.join(' ')}”`],
  ['each word in quotation marks', words.map((word) => `"${word}"`).join(', ')],
  ['spaces that do not break', words.join('\u00a0')],
])('a phrase is read as it is pasted: %s', async (_, text) => {
  expect(await readTypedPhrase(text)).toEqual({ ok: true, phrase });
});

test('words of another language are told as such, with accents or without', async () => {
  const text = 'ábaco abdomen abeja abierto abogado abono aborto abrazo abrir abuelo abuso acabar';
  const told = {
    ok: false,
    sentence: expect.stringContaining('These words are Spanish') as string,
  };
  expect(await readTypedPhrase(text)).toEqual(told);
  expect(await readTypedPhrase(text.replace('á', 'a'))).toEqual(told);
});

test('a slip in an English phrase stays a slip, and no words are none of any language', async () => {
  const slip = phrase.replace(words[3] ?? '', 'abandno');
  expect(await readTypedPhrase(slip)).toMatchObject({
    sentence: expect.stringContaining('Did you mean "abandon"?') as string,
  });
  expect(await readTypedPhrase('qqq www eee rrr')).toMatchObject({
    sentence: expect.stringContaining('Word 1, "qqq"') as string,
  });
});
