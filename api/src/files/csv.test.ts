import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_IMPORT_COLUMNS } from '@berth/shared/offerings/schemas';
import { isProblem } from '@berth/shared/problems';
import { layoutOf, recordsIn } from './csv.ts';
import { readTable } from './table.ts';

const cellsOf = (text: string) =>
  readTable('csv', text).rows.map((row) =>
    typeof row === 'string' ? row : Object.fromEntries(row),
  );
const one = [{ title: 'A box', price: '2' }];

test.each([
  ['semicolons', 'title;price\nA box;2'],
  ['tabs', 'title\tprice\nA box\t2'],
  ['bars', 'title|price\nA box|2'],
  ['a line that names the mark', 'sep=;\r\ntitle;price\r\nA box;2\r\n'],
  ['the same in quotation marks, behind a byte order mark', '\ufeff"sep=|"\ntitle|price\nA box|2'],
  ['line ends of old machines', 'title,price\rA box,2\r'],
  ['blank lines and lines of marks alone', '\n\ntitle,price\n,\n  \nA box,2\n,,\n'],
  ['empty cells behind each row', 'title,price\nA box,2,,'],
  ['a header in the third line', 'Our prices, May\n\ntitle,price\nA box,2'],
  ['a padded line above the header', 'Prices;;\n;;\ntitle;price;\nA box;2;'],
  ['spaces around quotation marks', '"title", "price"\n "A box" , "2" '],
  ['a formula that says a text', 'title,price\n"=""A box""",2'],
])('a table is read with %s', (_, text) => {
  expect(cellsOf(text)).toEqual(one);
});

test('a cell has line breaks, marks and quotation marks, and inches are no quotation', () => {
  expect(cellsOf('title;price\n"two\r\nlines; and ""more""";1\n19" rack;2')).toEqual([
    { title: 'two\r\nlines; and "more"', price: '1' },
    { title: '19" rack', price: '2' },
  ]);
});

test('commas in texts do not make a semicolon file one of commas', () => {
  const row = 'Box;"a, b, c, d";Debian, Ubuntu, Arch, Suse, Rocky;9,90';
  expect(layoutOf(`title;features;os;price\n${row}\n${row}`).delimiter).toBe(';');
});

test('the last line that is a sum is told as one, and no other', () => {
  const text = 'title,kind,country,price\nTotal control,gpu,NL,1\nTotal,,,1';
  expect(cellsOf(text)).toEqual([
    expect.objectContaining({ title: 'Total control' }),
    'Line 3 looks like a sum, not an offering; leave it out',
  ]);
});

test('a row keeps its own text, and one of another shape says its line', () => {
  const text = 'title;price\r\n"two\r\nlines";1\r\nshort\r\n';
  const table = readTable('csv', text);
  expect(table.layout).toEqual({ delimiter: ';', header_line: 1, header: 'title;price' });
  expect([0, 1].map(table.sourceOf)).toEqual(['"two\r\nlines";1', 'short']);
  expect(table.rows[1]).toBe(
    'Line 4 has 1 cell, line 1 2 names: write as many, also where they are empty',
  );
});

test('names that stand twice are told apart where they are kept as they are', () => {
  const text = 'Price,Note,Note\n1,a,b';
  expect([...readTable('csv', text, { verbatim: true }).columns.keys()]).toEqual([
    'Price',
    'Note',
    'Note (2)',
  ]);
  expect(readTable('csv', text).repeated).toEqual(['Note']);
});

test('what is written is read back, by any mark and line end', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', '1', 'é') });
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n', '\r'),
      (rows, mark, end) => {
        const full = rows.map((row) => ['x', ...row]);
        const text = full.map((row) => row.map(quote).join(mark)).join(end);
        expect([...recordsIn(text, mark)].map(({ cells }) => cells)).toEqual(full);
      },
    ),
    { numRuns: 200 },
  );
});

test('a text of any size is read or refused with a sentence', () => {
  const huge = 4 * 1024 * 1024;
  const refusalOf = (text: string) => {
    try {
      return readTable('csv', text).rows.length;
    } catch (error) {
      if (!isProblem(error)) throw error;
      return error.message;
    }
  };
  expect(refusalOf(';'.repeat(huge))).toBe(0);
  expect(refusalOf(`title\n${'\n'.repeat(huge)}`)).toBe(0);
  expect(refusalOf(`title,price\n"${'x'.repeat(huge)}`)).toMatch(/line 2, a cell that begins with/);
  const wide = Array.from({ length: MAX_IMPORT_COLUMNS + 1 }, (_, at) => `c${at}`).join(',');
  expect(refusalOf(`${wide}\n${wide}`)).toBe('At most 500 columns can be read.');
});
