import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonical, sha256Hex } from './canonical.ts';

test('the example of RFC 8785 section 3.2.2 comes out as the RFC prints it', () => {
  const input = {
    numbers: JSON.parse(
      '[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]',
    ) as unknown,
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  expect(canonical(input)).toBe(
    '{"literals":[null,true,false],' +
      '"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('names are sorted by UTF-16 code units, as RFC 8785 section 3.2.3 asks', () => {
  const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
  const sorted = Object.keys(
    JSON.parse(canonical(Object.fromEntries(names.map((name) => [name, true])))) as object,
  );
  // JSON.parse puts whole numbers first by itself; they sort there anyway but for the line break.
  expect(sorted).toEqual(['1', '\r', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']);
});

test('the order in which an object was built never shows', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (object) => {
      fc.pre(isWritable(object));
      const turned = Object.fromEntries(Object.entries(object).toReversed());
      expect(canonical(turned)).toBe(canonical(object));
      expect(canonical(JSON.parse(canonical(object)))).toBe(canonical(object));
    }),
  );
});

/** Without what is refused: halves of a character, and a name that readers of JSON drop. */
const isWritable = (value: unknown) => !/\\ud[89a-f]|"__proto__":/i.test(JSON.stringify(value));

test.each([
  ['undefined', { a: [{ b: undefined }] }, '/a/0/b'],
  ['undefined', Array(1), '/0'],
  ['NaN', { price: NaN }, '/price'],
  ['Infinity', Infinity, ''],
  ['a bigint', { total: 1n }, '/total'],
  ['a lone surrogate', { memo: '\ud800' }, '/memo'],
  ['a lone surrogate', { '\udc00': 1 }, ''],
  ['a function', { f: () => 1 }, '/f'],
  ['plain objects', { at: new Date(0) }, '/at'],
  ['plain objects', new Map(), ''],
])('%s is refused, and the error says where', (what, value, pointer) => {
  expect(() => canonical(value)).toThrow(what);
  expect(() => canonical(value)).toThrow(`(at "${pointer}")`);
});

test('an object that holds itself is refused', () => {
  const ring: Record<string, unknown> = {};
  ring['self'] = ring;
  expect(() => canonical(ring)).toThrow('levels');
});

test('the hash of a text is the hash of its UTF-8 bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const expected = createHash('sha256').update(text, 'utf8').digest('hex');
      expect(sha256Hex(text)).toBe(expected);
      expect(sha256Hex(Buffer.from(text, 'utf8'))).toBe(expected);
    }),
  );
});

test('a name that readers of JSON drop is refused, at any depth', () => {
  const named = JSON.parse('{"a":[{"__proto__":1}]}') as unknown;
  expect(() => canonical(named)).toThrow('the name __proto__ (at "/a/0")');
});
