import { expect, test } from 'vitest';
import { readSeen, withSeen, type Seen } from './seen.ts';

const one = (id: string): Seen => {
  return { id, title: `Offering ${id}`, kind: 'gpu', provider: 'Grace', place: 'Oslo, Norway' };
};

test('the latest that was seen comes first, each once, and the oldest leave', () => {
  let seen: Seen[] = [];
  for (let at = 0; at < 20; at++) seen = withSeen(seen, one(`off_${at}`));
  seen = withSeen(seen, one('off_15'));
  expect(seen).toHaveLength(12);
  expect(seen.slice(0, 3).map(({ id }) => id)).toEqual(['off_15', 'off_19', 'off_18']);
  expect(seen.filter(({ id }) => id === 'off_15')).toHaveLength(1);
});

test('what the device holds is read back, and anything else in its place is left out', () => {
  expect(readSeen(JSON.stringify([one('off_1'), one('off_2')]))).toEqual([
    one('off_1'),
    one('off_2'),
  ]);
  expect(readSeen(JSON.stringify([{ id: 'off_1' }, null, 7, one('off_2')]))).toEqual([
    one('off_2'),
  ]);
  for (const text of [null, '', '{', '"off_1"', '{}']) expect(readSeen(text)).toEqual([]);
});
