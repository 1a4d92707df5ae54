import { expect, test } from 'vitest';
import { actOf, keyRows } from './keys.ts';

const press = (key: string, held: Partial<Parameters<typeof actOf>[0]> = {}) =>
  actOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

test('every key of the table does what its row says, and a chord is not its single key', () => {
  for (const { keys, act, is_chord = false } of keyRows) {
    for (const key of keys) expect(press(key, { ctrlKey: is_chord }), key).toBe(act);
  }
  expect(press('k')).toBe('previous');
  expect(press('k', { ctrlKey: true })).toBe('find');
  expect(press('K', { metaKey: true })).toBe('find');
});

test('a key that the browser or another program uses is none of ours', () => {
  expect(press('j', { ctrlKey: true })).toBeNull();
  expect(press('/', { altKey: true })).toBeNull();
  expect(press('k', { ctrlKey: true, altKey: true })).toBeNull();
  expect(press('k', { ctrlKey: true, metaKey: true })).toBeNull();
  expect(press('x')).toBeNull();
});

test('no key stands in two rows, and each row says what it does', () => {
  const all = keyRows.flatMap(({ keys, is_chord }) => keys.map((key) => `${is_chord} ${key}`));
  expect(new Set(all).size).toBe(all.length);
  for (const { shown, does } of keyRows) {
    expect(shown.length).toBeGreaterThan(0);
    expect(does).not.toBe('');
  }
});
