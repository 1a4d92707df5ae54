import { expect, test } from 'vitest';
import { spotBeside, spotBeyond } from './lists.ts';

const HEIGHT = 100;
const spot = (column: number, line: number) => ({
  left: column * 300,
  top: line * 120,
  bottom: line * 120 + HEIGHT,
});
/** Seven cards, three in a row. */
const grid = Array.from({ length: 7 }, (_, at) => spot(at % 3, Math.floor(at / 3)));
const list = Array.from({ length: 4 }, (_, at) => spot(0, at));

test('down and up go to the item under and above, in a grid by its columns', () => {
  expect(spotBeyond(list, 1, 1)).toBe(2);
  expect(spotBeyond(list, 1, -1)).toBe(0);
  expect(spotBeyond(grid, 1, 1)).toBe(4);
  expect(spotBeyond(grid, 4, -1)).toBe(1);
  // Where the last line is short, the nearest there is.
  expect(spotBeyond(grid, 5, 1)).toBe(6);
  expect(spotBeyond(grid, 6, 1)).toBeNull();
  expect(spotBeyond(list, 0, -1)).toBeNull();
});

test('left and right stay in the line', () => {
  expect(spotBeside(grid, 0, 1)).toBe(1);
  expect(spotBeside(grid, 2, 1)).toBeNull();
  expect(spotBeside(grid, 3, -1)).toBeNull();
  expect(spotBeside(grid, 0, -1)).toBeNull();
  expect(spotBeside(list, 1, 1)).toBeNull();
});
