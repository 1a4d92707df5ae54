import { rowErrors, type RowErrors } from './check.ts';
import { names, type Name } from './columns.ts';
import { changedIn, isBlank, isNew, type Row, type Rows, type SavedBy } from './rows.ts';

/** A cell that cannot be saved, with the sentence that says why. */
export interface Fault {
  row: number;
  column: number;
  message: string;
}

/** What the API refused of a cell, as long as it says the same. */
export interface Refused {
  key: string;
  name: Name;
  text: string;
  message: string;
}

/** Rows are never changed in place, so that each is checked once. */
const checked = new WeakMap<Row, RowErrors>();

function errorsOf(row: Row): RowErrors {
  const found = checked.get(row) ?? rowErrors(row.cells, isNew(row));
  checked.set(row, found);
  return found;
}

/** Every cell that cannot be saved, in the order one reads them. */
export function faultsIn(rows: Rows, saved: SavedBy, refused: readonly Refused[]): Fault[] {
  const firstWith = new Map<string, number>();
  const byRow = new Map<string, Refused[]>();
  for (const one of refused) byRow.set(one.key, [...(byRow.get(one.key) ?? []), one]);
  return rows.flatMap((row, at) => {
    const messages: RowErrors = {};
    const isSame = changedIn(row, saved.get(row.key)).length === 0;
    if (!isSame && !isBlank(row)) Object.assign(messages, errorsOf(row));
    for (const { name, text, message } of byRow.get(row.key) ?? []) {
      if (row.cells[name] === text) messages[name] ??= message;
    }
    const reference = row.cells.reference.trim();
    const first = firstWith.get(reference);
    if (reference !== '' && first !== undefined) {
      messages.reference ??= `Row ${first + 1} has this reference too`;
    }
    if (first === undefined) firstWith.set(reference, at);
    return faultsOf(messages, at);
  });
}

const faultsOf = (messages: RowErrors, row: number): Fault[] =>
  names.flatMap((name, column) => {
    const message = messages[name];
    return message === undefined ? [] : [{ row, column, message }];
  });

/** The next one after a cell, from the first again after the last. */
export const nextFault = (
  faults: readonly Fault[],
  at: { row: number; column: number },
): Fault | undefined =>
  faults.find(({ row, column }) => row > at.row || (row === at.row && column > at.column)) ??
  faults[0];
