import { searchSorts } from '@berth/shared/market/schemas';
import { expect, test } from 'vitest';
import {
  choosable,
  columnIds,
  columnsCookie,
  columnsOf,
  directionOf,
  nextSort,
  readColumns,
  resultColumns,
} from './columns.ts';

test('every order that a search has is in the head of a column, and its column says which way', () => {
  for (const sort of searchSorts) {
    const led = columnIds.filter((id) => searchSorts.some((now) => nextSort(id, now) === sort));
    expect(led, sort).toHaveLength(1);
    expect(directionOf(led[0]!, sort), sort).not.toBe('none');
    expect(columnsOf([], sort), sort).toContain(led[0]);
  }
  expect(nextSort('total', 'best')).toBe('price');
  expect(nextSort('total', 'price')).toBe('price_desc');
  expect(nextSort('total', 'price_desc')).toBe('price');
  expect(nextSort('gpu', 'best')).toBeNull();
});

test('what was chosen is shown with what every table has, in the order of all', () => {
  expect(columnsOf(['place', 'gpu'], 'price')).toEqual([
    ...['title', 'place', 'gpu', 'total', 'actions'],
  ]);
  expect(columnsOf(null, 'price')).toEqual(
    columnIds.filter((id) => resultColumns[id].from !== 'asked'),
  );
});

test('a browser remembers columns as it was told to, and what means nothing is as if it never was', () => {
  const kept = (text: string) => /^columns=([^;]*)/.exec(text)?.[1];
  for (const chosen of [['place', 'gpu'], [], choosable] as const) {
    expect(readColumns(kept(columnsCookie(chosen)))).toEqual(chosen);
  }
  expect(columnsCookie(null)).toContain('max-age=0');
  for (const text of [undefined, '', 'luck', 'title', 'gpu.'.repeat(100)]) {
    expect(readColumns(text)).toBeNull();
  }
  expect(readColumns('luck.gpu')).toEqual(['gpu']);
});
