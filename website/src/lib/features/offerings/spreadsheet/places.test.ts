import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areaOf, isIn, placeAfter, placeAfterTab, sizeOf } from './places.ts';
import { columnsInSight, rowsInSight, scrollTo, startsOf } from './window.ts';

const sheet = { rows: 100, columns: 10, page: 20 };
const press = (key: string, row: number, column: number, far = false) =>
  placeAfter({ row, column }, { ...sheet, key, far });

test('keys lead as in a spreadsheet and stop at its edges', () => {
  expect(press('ArrowDown', 0, 0)).toEqual({ row: 1, column: 0 });
  expect(press('ArrowUp', 0, 3)).toEqual({ row: 0, column: 3 });
  expect(press('ArrowRight', 5, 9)).toEqual({ row: 5, column: 9 });
  expect(press('ArrowDown', 5, 2, true)).toEqual({ row: 99, column: 2 });
  expect(press('Home', 5, 4)).toEqual({ row: 5, column: 0 });
  expect(press('End', 5, 4)).toEqual({ row: 5, column: 9 });
  expect(press('Home', 5, 4, true)).toEqual({ row: 0, column: 0 });
  expect(press('End', 5, 4, true)).toEqual({ row: 99, column: 9 });
  expect(press('PageDown', 90, 4)).toEqual({ row: 99, column: 4 });
  expect(press('a', 5, 4)).toBeNull();
});

test('Tab goes through every cell, and out beyond the last and before the first', () => {
  expect(placeAfterTab({ row: 0, column: 9 }, false, sheet)).toEqual({ row: 1, column: 0 });
  expect(placeAfterTab({ row: 1, column: 0 }, true, sheet)).toEqual({ row: 0, column: 9 });
  expect(placeAfterTab({ row: 99, column: 9 }, false, sheet)).toBeNull();
  expect(placeAfterTab({ row: 0, column: 0 }, true, sheet)).toBeNull();
});

test('a selection is the same from whichever corner it is drawn', () => {
  const area = areaOf({ row: 5, column: 1 }, { row: 2, column: 3 });
  expect(area).toEqual(areaOf({ row: 2, column: 3 }, { row: 5, column: 1 }));
  expect(sizeOf(area)).toEqual({ rows: 4, columns: 3 });
  expect([isIn(area, 2, 1), isIn(area, 5, 3), isIn(area, 6, 3)]).toEqual([true, true, false]);
});

test('of any number of rows only those around what is in sight are drawn, and all in sight are', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -50, max: 40_000 }),
      fc.integer({ min: 0, max: 1_200 }),
      fc.integer({ min: 0, max: 1_001 }),
      (top, height, count) => {
        const { from, to } = rowsInSight(top, height, 32, count);
        expect(to - from).toBeLessThanOrEqual(Math.ceil(height / 32) + 1 + 12);
        for (let row = 0; row < count; row += 1) {
          const isSeen = row * 32 < top + height && (row + 1) * 32 > top;
          if (isSeen) expect(row >= from && row < to).toBe(true);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('every column in sight is drawn, wherever one has scrolled to', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(88, 112, 152, 256), { minLength: 1, maxLength: 33 }),
      fc.integer({ min: -20, max: 5_000 }),
      fc.integer({ min: 100, max: 1_500 }),
      (widths, left, width) => {
        const starts = startsOf(widths);
        const { from, to } = columnsInSight(left, width, starts);
        expect(from >= 0 && to <= widths.length).toBe(true);
        for (const [column, start] of starts.slice(0, -1).entries()) {
          const isSeen = start < left + width && start + (widths[column] ?? 0) > left;
          if (isSeen) expect(column >= from && column < to).toBe(true);
        }
      },
    ),
  );
});

test('a view scrolls no further than it must', () => {
  expect(scrollTo(100, 200, { from: 120, to: 152 })).toBe(100);
  expect(scrollTo(100, 200, { from: 64, to: 96 })).toBe(64);
  expect(scrollTo(100, 200, { from: 290, to: 322 })).toBe(122);
});
