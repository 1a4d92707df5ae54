/** A cell by its row and column. */
export interface Place {
  row: number;
  column: number;
}

/** A rectangle of cells; both ends are in it. */
export interface Area {
  from: Place;
  to: Place;
}

export const areaOf = (a: Place, b: Place): Area => ({
  from: { row: Math.min(a.row, b.row), column: Math.min(a.column, b.column) },
  to: { row: Math.max(a.row, b.row), column: Math.max(a.column, b.column) },
});

export const isIn = ({ from, to }: Area, row: number, column: number): boolean =>
  row >= from.row && row <= to.row && column >= from.column && column <= to.column;

export const sizeOf = ({ from, to }: Area): { rows: number; columns: number } => ({
  rows: to.row - from.row + 1,
  columns: to.column - from.column + 1,
});

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));

export interface Ask {
  key: string;
  /** Ctrl, or Command. */
  far: boolean;
  rows: number;
  columns: number;
  /** Rows that are in sight at once. */
  page: number;
}

/** Where a key leads from a cell, as in a spreadsheet; null for a key that leads nowhere. */
export function placeAfter(at: Place, { key, far, rows, columns, page }: Ask): Place | null {
  const last = { row: rows - 1, column: columns - 1 };
  const to = (row: number, column: number): Place => ({
    row: clamp(row, last.row),
    column: clamp(column, last.column),
  });
  const { row, column } = at;
  switch (key) {
    case 'ArrowUp':
      return to(far ? 0 : row - 1, column);
    case 'ArrowDown':
      return to(far ? last.row : row + 1, column);
    case 'ArrowLeft':
      return to(row, far ? 0 : column - 1);
    case 'ArrowRight':
      return to(row, far ? last.column : column + 1);
    case 'Home':
      return to(far ? 0 : row, 0);
    case 'End':
      return to(far ? last.row : row, last.column);
    case 'PageUp':
      return to(row - page, column);
    case 'PageDown':
      return to(row + page, column);
    default:
      return null;
  }
}

/** Where Tab leads: along the row, then to the next one; null beyond the last or first cell. */
export function placeAfterTab(
  { row, column }: Place,
  back: boolean,
  { rows, columns }: Pick<Ask, 'rows' | 'columns'>,
): Place | null {
  const at = row * columns + column + (back ? -1 : 1);
  if (at < 0 || at >= rows * columns) return null;
  return { row: Math.floor(at / columns), column: at % columns };
}
