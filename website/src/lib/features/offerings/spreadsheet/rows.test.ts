import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_OFFERINGS } from '@berth/shared/offerings/schemas';
import { emptyCells, names, type Cells } from './columns.ts';
import { MAX_STEPS, pushStep, redoStep, startHistory, undoStep, type History } from './history.ts';
import {
  changedIn,
  clearArea,
  fillDown,
  newRow,
  pasteBlock,
  readArea,
  rebase,
  removeMade,
  removeNew,
  sentFor,
  writeBlock,
  type Rows,
  type Saved,
} from './rows.ts';

const TITLE = names.indexOf('title');
const rowsOf = (...titles: string[]): Rows =>
  titles.map((title, at) => ({ key: `off_${at}`, cells: { ...emptyCells, title } }));
const titlesOf = (rows: Rows) => rows.map(({ cells }) => cells.title);
const at = (row: number, column = TITLE) => ({ row, column });
const area = (from: number, to: number, width = 1) => ({
  from: at(from),
  to: at(to, TITLE + width - 1),
});
const savedBy = (rows: Rows, version = 1) =>
  new Map<string, Saved>(
    rows.map(({ key, cells }) => [key, { offering_id: key, version, cells }] as const),
  );

test('a paste grows the sheet to the most rows and says how much had no room', () => {
  const rows = rowsOf('a', 'b');
  const pasted = writeBlock(rows, at(1), [['x'], ['y'], ['z']]);
  expect(titlesOf(pasted.rows)).toEqual(['a', 'x', 'y', 'z']);
  expect(pasted.area).toEqual(area(1, 3));
  expect(pasted.rows[0]).toBe(rows[0]);
  const tall = Array.from({ length: MAX_OFFERINGS }, () => ['t']);
  const full = writeBlock(rows, at(1), tall);
  expect(full.rows).toHaveLength(MAX_OFFERINGS);
  expect(full.left_out).toEqual({ rows: 1, columns: 0 });
  const wide = writeBlock(rows, at(0, names.length - 1), [['last', 'lost']]);
  expect(wide.left_out).toEqual({ rows: 0, columns: 1 });
});

test('one cell fills a selection, and a block repeats where it fits a whole number of times', () => {
  const rows = rowsOf('a', 'b', 'c', 'd');
  expect(titlesOf(pasteBlock(rows, area(0, 3), [['x']]).rows)).toEqual(['x', 'x', 'x', 'x']);
  expect(titlesOf(pasteBlock(rows, area(0, 3), [['x'], ['y']]).rows)).toEqual(['x', 'y', 'x', 'y']);
  expect(titlesOf(pasteBlock(rows, area(0, 2), [['x'], ['y']]).rows)).toEqual(['x', 'y', 'c', 'd']);
});

test('filling down takes the first row of a selection, or the row above one', () => {
  const rows = rowsOf('a', 'b', 'c');
  expect(titlesOf(fillDown(rows, area(0, 2)).rows)).toEqual(['a', 'a', 'a']);
  expect(titlesOf(fillDown(rows, area(2, 2)).rows)).toEqual(['a', 'b', 'b']);
  expect(fillDown(rows, area(0, 0)).rows).toBe(rows);
});

test('emptying makes no rows, and only rows that are no offering yet can be taken out', () => {
  const rows = [...rowsOf('a', 'b'), newRow()];
  expect(titlesOf(clearArea(rows, area(1, 9)))).toEqual(['a', '', '']);
  expect(clearArea(rows, area(7, 9))).toBe(rows);
  expect(titlesOf(removeNew(rows, area(0, 2)))).toEqual(['a', 'b']);
});

test('rows that are offerings by now are taken out, and those written since stay', () => {
  const [made, since] = [newRow(), newRow()];
  const [own] = rowsOf('a');
  expect(removeMade([own!, made, since], [own!, made])).toEqual([own, since]);
});

test('a save sends the changed cells of an offering, and what is written of a new one', () => {
  const [row] = rowsOf('a');
  const saved = savedBy(rowsOf('before')).get('off_0');
  if (!row) throw new Error('no row');
  expect(sentFor(row, saved)).toEqual({
    offering_id: 'off_0',
    version: 1,
    cells: { title: 'a' },
  });
  expect(changedIn(row, { offering_id: 'off_0', version: 1, cells: row.cells })).toEqual([]);
  expect(sentFor({ ...newRow(), cells: row.cells }, undefined)).toEqual({
    offering_id: null,
    version: null,
    cells: { title: 'a' },
  });
});

test('what others changed is taken where nothing was edited, and told where both did', () => {
  const said = (cells: Partial<Cells>): Cells => ({ ...emptyCells, ...cells });
  const was = savedBy([
    { key: 'a', cells: said({ title: 'one', stock: '4', city: 'Oslo' }) },
    { key: 'gone', cells: said({ title: 'archived elsewhere' }) },
  ]);
  const is = savedBy(
    [
      { key: 'a', cells: said({ title: 'theirs', stock: '3', city: 'Oslo' }) },
      { key: 'more', cells: said({ title: 'made elsewhere' }) },
    ],
    2,
  );
  const fresh = { ...newRow(), cells: said({ title: 'new here' }) };
  const mine: Rows = [
    { key: 'a', cells: said({ title: 'mine', stock: '4', city: 'Bergen' }) },
    { key: 'gone', cells: said({ title: 'archived elsewhere' }) },
    fresh,
  ];
  const { rows, contested } = rebase(mine, was, is);
  expect(titlesOf(rows)).toEqual(['mine', 'new here', 'made elsewhere']);
  expect(rows[0]?.cells).toMatchObject({ stock: '3', city: 'Bergen' });
  expect(contested).toEqual([{ key: 'a', name: 'title', theirs: 'theirs' }]);
});

test('every step can be undone and redone, and a new one forgets what was undone', () => {
  const undoAll = (history: History<number>) => {
    let now = history;
    while (now.past.length > 0) now = undoStep(now);
    return now;
  };
  const redoAll = (history: History<number>) => {
    let now = history;
    while (now.future.length > 0) now = redoStep(now);
    return now;
  };
  fc.assert(
    fc.property(fc.array(fc.nat(5), { maxLength: 40 }), (steps) => {
      const history = steps.reduce((now, step) => pushStep(now, step), startHistory(0));
      expect(undoAll(history).present).toBe(0);
      expect(redoAll(undoAll(history))).toEqual(history);
      expect(pushStep(undoStep(history), 9).future).toEqual([]);
    }),
  );
  const long = Array.from({ length: MAX_STEPS + 5 }, (_, step) => step + 1);
  const history = long.reduce((now, step) => pushStep(now, step), startHistory(0));
  expect(undoAll(history).present).toBe(5);
  expect(undoStep(startHistory(0))).toEqual(startHistory(0));
});

test('what is read of a sheet and written back changes nothing', () => {
  const rows = rowsOf('a', 'b', 'c');
  expect(writeBlock(rows, at(0), readArea(rows, area(0, 2, 3))).rows).toBe(rows);
});
