import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTsv, writeTsv } from './clipboard.ts';
import { runs } from '@berth/shared/runs-node';

const blocks = fc
  .integer({ min: 1, max: 5 })
  .chain((width) =>
    fc.array(fc.array(fc.string(), { minLength: width, maxLength: width }), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  // An empty last line cannot be told from the end of the line before.
  .filter((block) => block.at(-1)?.some((cell) => cell !== '') ?? false);

test('what is copied is pasted back as it was, whatever is in the cells', () => {
  fc.assert(
    fc.property(blocks, (block) => {
      expect(readTsv(writeTsv(block))).toEqual(block);
    }),
    { numRuns: runs(2_000) },
  );
});

test('what spreadsheets put on the clipboard is read: line ends, quotation marks, short rows', () => {
  expect(readTsv('a\tb\r\nc\td\r\n')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(readTsv('a\n\nb')).toEqual([['a'], [''], ['b']]);
  expect(readTsv('"two\nlines"\t"say ""hi"""\nx')).toEqual([
    ['two\nlines', 'say "hi"'],
    ['x', ''],
  ]);
  expect(readTsv('24" screen\tb')).toEqual([['24" screen', 'b']]);
  expect(readTsv('"not closed\tb')).toEqual([['"not closed', 'b']]);
  expect(readTsv('a\t')).toEqual([['a', '']]);
  expect(readTsv('\ta')).toEqual([['', 'a']]);
  expect(readTsv('')).toEqual([['']]);
});
