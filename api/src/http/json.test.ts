import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isProblem } from '@berth/shared/problems';
import { readJson, refuseQuery } from './json.ts';

const read = (text: string | Uint8Array) => {
  try {
    return readJson(Buffer.from(text as string)).value;
  } catch (error) {
    if (!isProblem(error) || error.problem.code !== 'request.malformed') throw error;
    return error.message;
  }
};
const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;

describe('JSON with two readings is refused', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['a name that is twice', '{"a":1,"a":2}', 'A name is there twice in one object.'],
    ['twice, escaped', '{"a":1,"\\u0061":2}', 'A name is there twice in one object.'],
    ['twice, deep', '[{"b":{"a":{},"c":":","a":{}}}]', 'A name is there twice in one object.'],
    ['a byte-order mark', '\ufeff{"a":1}', 'That is not JSON as RFC 8259 has it.'],
    ['an end that is cut', '{"a":1', 'That is not JSON as RFC 8259 has it.'],
    ['a comment', '{"a":1}//', 'That is not JSON as RFC 8259 has it.'],
    ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xc3, 0x28, 0x22), 'Send JSON in UTF-8.'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'That is not JSON as RFC 8259 has it.'],
    ['a surrogate in UTF-8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'Send JSON in UTF-8.'],
    ['__proto__', '{"__proto__":{"is_admin":true}}', 'No member may be named __proto__.'],
    ['__proto__, escaped', '{"a":{"\\u005f_proto__":1}}', 'No member may be named __proto__.'],
    ['65 levels', nested(65), 'That is nested more than 64 levels deep.'],
    ['a hundred thousand levels', nested(100_000), 'That is nested more than 64 levels deep.'],
  ])('%s', (_, text, sentence) => {
    expect(read(text)).toBe(sentence);
  });

  test('and nothing else: any other JSON is read as it is written', () => {
    const text = fc.oneof(
      fc.json({ maxDepth: 5 }),
      fc.json({
        stringUnit: fc.constantFrom('"', '\\', ':', '{', 'a', 'é', '\u2028', '\ud83d\ude00'),
      }),
    );
    fc.assert(
      fc.property(text, (json) => {
        if (json.includes('__proto__')) return;
        expect(read(json)).toEqual(JSON.parse(json));
      }),
      { numRuns: 1_000 },
    );
    expect(read(nested(64))).toBeInstanceOf(Array);
  });

  test('a doubled name is found wherever it is in any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, name) => {
        if (name === '__proto__' || JSON.stringify(value).includes('__proto__')) return;
        const member = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
        expect(read(`{${member}}`)).toEqual({
          [name]: JSON.parse(JSON.stringify(value)) as unknown,
        });
        expect(read(`[{${member},"x y z":":\\\\",${member}}]`)).toMatch(/twice/);
      }),
    );
  });
});

test('an address whose escapes are no UTF-8 has no reading', () => {
  for (const good of ['/a', '/a?b=c', '/a?b=%C3%A9+%25', '/%zz?b=c']) refuseQuery(good);
  for (const bad of ['/a?b=%', '/a?b=%zz', '/a?%ff', '/a?b=%ED%A0%80']) {
    expect(() => refuseQuery(bad)).toThrow('no UTF-8');
  }
});
