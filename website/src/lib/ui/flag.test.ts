import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flagOf } from './flag.ts';

const keys = fc.stringMatching(/^[0-9a-f]{64}$/);

test('a key has one flag, always the same, whose figure stands out from its ground', () => {
  fc.assert(
    fc.property(keys, (key) => {
      const flag = flagOf(key);
      expect(flag).toEqual(flagOf(key));
      expect(flag.figure).not.toBe(flag.ground);
      expect(flag.path).toMatch(/^M/);
    }),
  );
});

test('what is no key has a flag as well', () => {
  expect(flagOf('').path).toMatch(/^M/);
});
