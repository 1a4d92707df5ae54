import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, refusalOf, refusalOfLines } from './letters.ts';

test.each([
  ['a\u202eb', 'Leave out U+202E, which turns the direction of writing'],
  ['\u2066a\u2069', 'Leave out U+2066, which turns the direction of writing'],
  ['a\u200bb', 'Leave out U+200B, which cannot be seen'],
  ['a\u00adb', 'Leave out U+00AD, which cannot be seen'],
  ['a\u3164', 'Leave out U+3164, which cannot be seen'],
  ['a\u2800', 'Leave out U+2800, which cannot be seen'],
  ['a\ufe0f', 'Leave out U+FE0F, which cannot be seen'],
  ['a\u{e0041}', 'Leave out U+E0041, which cannot be seen'],
  ['a\u200db', 'Leave out U+200D, which cannot be seen'],
  ['a\u0000', 'Leave out U+0000, which is a control character'],
  ['a\u001b[2J', 'Leave out U+001B, which is a control character'],
  ['a\nb', 'Leave out U+000A, which is a control character'],
  ['a\u2028b', 'Leave out U+2028, which is a control character'],
  ['a\ud800', 'Leave out U+D800, which is no character that others can read'],
  ['a\ue000', 'Leave out U+E000, which is no character that others can read'],
])('a line names the letter that it may not hold: %j', (line, sentence) => {
  expect(refusalOf(line)).toBe(sentence);
});

test.each([
  'GPU “fast” – 4×',
  'Zürich',
  '東京　',
  'Київ',
  'שלום',
  'می\u200cخواهم',
  'क\u094d\u200dष',
  '👩‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣',
])('what people write is taken: %j', (line) => {
  expect(refusalOf(line)).toBe(null);
  expect(cleanText(line)).toBe(line);
});

test('tabs and line breaks stand in lines of text, and nothing else that a line may not hold', () => {
  expect(refusalOfLines('a\tb\r\nc ❤️')).toBe(null);
  expect(refusalOfLines('a\n\u202e')).toMatch(/U\+202E/);
});

test('any text can be cleaned, keeps what may stand, and is clean then', () => {
  const letters = fc.oneof(
    fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\u202e',
      '\u200d',
      '\ufe0f',
      '❤',
      '👩',
      '\u{e0062}',
      '\ud83d',
      'م',
      '\u0000',
    ),
    fc.string({ unit: 'binary', maxLength: 2 }),
  );
  fc.assert(
    fc.property(fc.string({ unit: letters, maxLength: 12 }), (text) => {
      const cleaned = cleanText(text);
      expect(refusalOfLines(cleaned)).toBe(null);
      if (refusalOfLines(text) === null) expect(cleaned).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});
