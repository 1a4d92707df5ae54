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
])('a phrase is read as it is pasted: %s', (_, text) => {
  expect(readTypedPhrase(text)).toEqual({ ok: true, phrase });
});
