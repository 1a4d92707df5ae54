import { expect, test } from 'vitest';
import { decode } from './decode.ts';
import { refusedFile } from './refused-rows.ts';

const text = 'title;city\nKöln 1;Zürich\n';
const wide = (mark: number[], high: boolean, of = text) =>
  Uint8Array.from([
    ...mark,
    ...[...of].flatMap((letter) => {
      const code = letter.charCodeAt(0);
      return high ? [code >> 8, code & 255] : [code & 255, code >> 8];
    }),
  ]);

test.each<[string, Uint8Array, string]>([
  ['UTF-8', new TextEncoder().encode(text), 'utf-8'],
  ['UTF-8 with a mark', new TextEncoder().encode(`\ufeff${text}`), 'utf-8'],
  ['UTF-16 of Excel', wide([0xff, 0xfe], false), 'utf-16le'],
  ['UTF-16 the other way', wide([0xfe, 0xff], true), 'utf-16be'],
  ['UTF-16 without a mark', wide([], false), 'utf-16le'],
  ['Windows-1252', Uint8Array.from([...text].map((one) => one.charCodeAt(0))), 'windows-1252'],
])('a file is text in whatever it was written: %s', (_, bytes, encoding) => {
  expect(decode(bytes)).toEqual({ text, encoding });
});

test('what is no text says what to do', () => {
  expect(decode(Uint8Array.of(0x50, 0x4b, 3, 4, 0))).toEqual({
    refused: expect.stringContaining('Save the sheet as CSV') as string,
  });
  expect(decode(Uint8Array.of(0x25, 0x50, 0x44, 0x46))).toHaveProperty('refused');
  expect(decode(Uint8Array.of(1, 1, 1, 0, 2, 3))).toHaveProperty('refused');
});

const row = (action: 'refused' | 'create', source: string) => ({
  ...{ row: 1, action, source, title: '', price: '', errors: [], left_out: [] },
  state: 'draft' as const,
});

test('refused rows are a file of the shape that they came in', () => {
  const rows = [row('create', ''), row('refused', '"a;b";1'), row('refused', 'c;2')];
  const layout = { delimiter: ';', header_line: 3, header: 'title;price' };
  expect(refusedFile({ rows, layout }, 'mine.csv')).toEqual({
    name: 'mine-refused.csv',
    text: 'title;price\r\n"a;b";1\r\nc;2\r\n',
  });
  const odd = refusedFile({ rows, layout: { ...layout, delimiter: '#' } }, 'mine-refused.csv');
  expect([odd.name, odd.text.split('\r\n')[0]]).toEqual(['mine-refused.csv', 'sep=#']);
  const json = refusedFile({ rows: [row('refused', '{"a":1}')], layout: null }, '');
  expect([json.name, JSON.parse(json.text)]).toEqual(['list-refused.json', [{ a: 1 }]]);
});
