import type { RowsInput } from '@berth/shared/offerings/bulk';
import { MAX_OFFERINGS } from '@berth/shared/offerings/schemas';
import type { Block } from './clipboard.ts';
import { columns, emptyCells, names, type Cells, type Name } from './columns.ts';
import { sizeOf, type Area, type Place } from './places.ts';

/** One row of the sheet. It is never changed in place, so that a step back is the rows before. */
export interface Row {
  /** Its own for as long as the page is open; the id of the offering where it is one. */
  key: string;
  cells: Cells;
}

export type Rows = readonly Row[];

/** An offering as the API has it. */
export interface Saved {
  offering_id: string;
  version: number;
  cells: Cells;
}

export type SavedBy = ReadonlyMap<string, Saved>;

const NEW = 'new-';
let made = 0;

/** An empty row that is no offering yet. */
export function newRow(): Row {
  made += 1;
  return { key: `${NEW}${made}`, cells: emptyCells };
}

export const isNew = ({ key }: Row): boolean => key.startsWith(NEW);

export const isBlank = ({ cells }: Row): boolean => names.every((name) => cells[name] === '');

/** What the sheet says in an area; places below the last row are empty. */
export const readArea = (rows: Rows, { from, to }: Area): Block =>
  Array.from({ length: to.row - from.row + 1 }, (_, at) =>
    names
      .slice(from.column, to.column + 1)
      .map((name) => (rows[from.row + at] ?? { cells: emptyCells }).cells[name]),
  );

export interface Written {
  rows: Rows;
  /** What it was written over. */
  area: Area;
  /** Rows and columns for which there was no room. */
  left_out: { rows: number; columns: number };
}

/** Writes a block from a cell on; rows are added where it reaches beyond the last. */
export function writeBlock(rows: Rows, at: Place, block: Block): Written {
  const wanted = { rows: block.length, columns: block[0]?.length ?? 0 };
  const height = Math.min(wanted.rows, MAX_OFFERINGS - at.row);
  const width = Math.min(wanted.columns, columns.length - at.column);
  const grown = [...rows];
  while (grown.length < at.row + height) grown.push(newRow());
  const touched = names.slice(at.column, at.column + width);
  for (const [line, said] of block.slice(0, height).entries()) {
    const row = grown[at.row + line];
    if (row) grown[at.row + line] = withCells(row, touched, said);
  }
  const same = grown.length === rows.length && grown.every((row, index) => row === rows[index]);
  return {
    rows: same ? rows : grown,
    area: {
      from: at,
      to: { row: at.row + Math.max(height, 1) - 1, column: at.column + Math.max(width, 1) - 1 },
    },
    left_out: { rows: wanted.rows - height, columns: wanted.columns - width },
  };
}

/** The same row where nothing of it is another. */
function withCells(row: Row, touched: readonly Name[], said: readonly string[]): Row {
  const changed = touched.filter((name, at) => row.cells[name] !== (said[at] ?? ''));
  if (changed.length === 0) return row;
  const entries = changed.map((name) => [name, said[touched.indexOf(name)] ?? '']);
  return { ...row, cells: { ...row.cells, ...Object.fromEntries(entries) } as Cells };
}

/**
 * A paste over a selection: a block that fits it a whole number of times is repeated, as one cell
 * is that is pasted over many.
 */
export function pasteBlock(rows: Rows, area: Area, block: Block): Written {
  const room = sizeOf(area);
  const [high, wide] = [block.length, block[0]?.length ?? 0];
  const fits = high > 0 && wide > 0 && room.rows % high === 0 && room.columns % wide === 0;
  if (!fits) return writeBlock(rows, area.from, block);
  const repeated = Array.from({ length: room.rows }, (_, row) =>
    Array.from({ length: room.columns }, (_, column) => block[row % high]?.[column % wide] ?? ''),
  );
  return writeBlock(rows, area.from, repeated);
}

/** The first row of a selection in all of it; of one row alone, the row above it. */
export function fillDown(rows: Rows, { from, to }: Area): Written {
  const source = from.row === to.row ? from.row - 1 : from.row;
  const [line = []] = readArea(rows, {
    from: { row: Math.max(source, 0), column: from.column },
    to: { row: Math.max(source, 0), column: to.column },
  });
  const block = Array.from({ length: to.row - from.row + 1 }, () => line);
  return writeBlock(rows, from, source < 0 ? readArea(rows, { from, to }) : block);
}

/** Empties a selection; it makes no new rows. */
export function clearArea(rows: Rows, { from, to }: Area): Rows {
  const height = Math.min(to.row, rows.length - 1) - from.row + 1;
  if (height <= 0) return rows;
  const line = Array.from({ length: to.column - from.column + 1 }, () => '');
  return writeBlock(
    rows,
    from,
    Array.from({ length: height }, () => line),
  ).rows;
}

/** Takes new rows out; an offering stays, as it can only be archived. */
export const removeNew = (rows: Rows, { from, to }: Area): Rows =>
  rows.filter((row, at) => at < from.row || at > to.row || !isNew(row));

/** Takes out the new ones of the rows that were sent: they are offerings by now. */
export const removeMade = (rows: Rows, sent: Rows): Rows => {
  const made = new Set(sent.filter(isNew).map(({ key }) => key));
  return rows.filter(({ key }) => !made.has(key));
};

/** Rows of an earlier step beside the offerings there are now: none is lost, none comes twice. */
export function settle(rows: Rows, saved: SavedBy): Rows {
  const kept = rows.filter((row) => isNew(row) || saved.has(row.key));
  const here = new Set(kept.map(({ key }) => key));
  const others = [...saved].filter(([key]) => !here.has(key));
  return [...kept, ...others.map(([key, { cells }]) => ({ key, cells }))];
}

/** The columns of a row that say something else than what is saved. */
export const changedIn = (row: Row, saved: Saved | undefined): readonly Name[] =>
  row.cells === saved?.cells
    ? []
    : names.filter((name) => row.cells[name] !== (saved?.cells[name] ?? ''));

/** What a save sends for a row: its changed cells. */
export function sentFor(row: Row, saved: Saved | undefined): RowsInput['rows'][number] {
  const said = changedIn(row, saved).map((name) => [name, row.cells[name]]);
  return {
    offering_id: saved?.offering_id ?? null,
    version: saved?.version ?? null,
    cells: Object.fromEntries(said) as Partial<Cells>,
  };
}

/** A cell that was changed here and elsewhere; the edit was kept. */
export interface Contested {
  key: string;
  name: Name;
  theirs: string;
}

/**
 * The sheet on top of what the offerings have become: what was not edited here follows, edits stay,
 * and what both changed is told.
 */
export function rebase(
  rows: Rows,
  before: SavedBy,
  now: SavedBy,
): { rows: Rows; contested: Contested[] } {
  const contested: Contested[] = [];
  const kept = rows
    .filter(({ key }) => !before.has(key) || now.has(key))
    .map((row): Row => {
      const [was, is] = [before.get(row.key), now.get(row.key)];
      if (!is) return row;
      const edited = changedIn(row, was).filter((name) => row.cells[name] !== is.cells[name]);
      if (edited.length === 0) return { key: row.key, cells: is.cells };
      for (const name of edited) {
        const theirs = is.cells[name];
        if (was && was.cells[name] !== theirs) contested.push({ key: row.key, name, theirs });
      }
      const mine = Object.fromEntries(edited.map((name) => [name, row.cells[name]]));
      return { key: row.key, cells: { ...is.cells, ...mine } };
    });
  return { rows: settle(kept, now), contested };
}
