import { expect, test } from 'vitest';
import { completionAt } from './completion.ts';
import { suggestionsAt } from './suggestions.ts';

/** Where the cursor stands is a `|`. */
const cut = (text: string): [string, number] => [text.replace('|', ''), text.indexOf('|')];
const completed = (text: string): unknown[] => {
  const { wanted, field, prefix, from, to } = completionAt(...cut(text));
  return [wanted, field, prefix, cut(text)[0].slice(from, to)];
};
const suggested = (text: string): string[] =>
  suggestionsAt(...cut(text), 3).map((suggestion) => suggestion.text);

test.each([
  ['gp|', ['word', null, 'gp', 'gp']],
  ['a | b', ['word', null, '', '']],
  ['"liquid c|', ['word', null, 'liquid c', '"liquid c']],
  ['gp|u:H100', ['field', null, 'gp', 'gpu:']],
  ['-gpu:h1|00 x', ['value', 'gpu', 'h1', 'h100']],
  ['gpu:"H100 S|XM" x', ['value', 'gpu', 'H100 S', '"H100 SXM"']],
  ['gpu:H100, A|', ['value', 'gpu', 'A', 'A']],
  ['country:(NL or D|', ['value', 'country', 'D', 'D']],
  ['country:(NL or DE) n|', ['word', null, 'n', 'n']],
  ['price:|', ['operator', 'price', '', '']],
  ['price:<2|', ['value', 'price', '2', '2']],
  ['gpu_count:4..8|', ['value', 'gpu_count', '8', '8']],
  ['nothing:he|re', ['word', null, 'nothing:he', 'nothing:here']],
])('the cursor in %s is in a part that can be completed', (text, expected) => {
  expect(completed(text)).toEqual(expected);
});

test('what can be typed next is suggested: fields, operators, values and GPUs', () => {
  expect(suggested('gpu_me|')).toEqual(['gpu_memory:', 'gpu_memory_total:']);
  expect(suggested('vram|')).toEqual(['gpu_memory:', 'gpu_memory_total:']);
  expect(suggested('price:|')).toEqual(['<', '<=', '>']);
  expect(suggested('virtualization:b|')).toEqual(['bare_metal']);
  expect(suggested('auto_accept:|')).toEqual(['yes', 'no']);
  expect(suggested('gpu:h100|')).toEqual(['H100', '"H100 SXM"', '"H100 PCIe"']);
  expect(suggested('gpu:4090|')).toEqual(['"RTX 4090"', '"RTX 4090 D"']);
  expect(suggested('"gp|')).toEqual([]);
});
