import { counted } from '@berth/shared/count';
import { MAX_OFFERINGS } from '@berth/shared/offerings/schemas';
import { readTsv, writeTsv } from './clipboard.ts';
import { cellsIn, columns, names, type Line, type Name } from './columns.ts';
import { faultsIn, nextFault, type Refused } from './faults.ts';
import { pushStep, redoStep, startHistory, undoStep, type History } from './history.ts';
import { areaOf, type Place } from './places.ts';
import {
  changedIn,
  clearArea,
  fillDown,
  isBlank,
  pasteBlock,
  readArea,
  rebase,
  removeMade,
  removeNew,
  settle,
  writeBlock,
  type Contested,
  type Rows,
  type Saved,
  type SavedBy,
  type Written,
} from './rows.ts';

const savedFrom = (lines: readonly Line[]): SavedBy =>
  new Map(
    lines.map((line): [string, Saved] => {
      const { offering_id, version } = line;
      return [offering_id, { offering_id, version, cells: cellsIn(line) }];
    }),
  );

/** What was left out of a paste, in words; nothing where all had room. */
function leftOutWords({ rows, columns: beyond }: Written['left_out']): string {
  const said = [
    ...(rows > 0
      ? [`${counted(rows, 'row')} beyond the ${MAX_OFFERINGS.toLocaleString('en')}`]
      : []),
    ...(beyond > 0 ? [`${counted(beyond, 'column')} beyond the last`] : []),
  ];
  return said.length === 0 ? '' : `Left out: ${said.join(' and ')}.`;
}

/**
 * A sheet of one's offerings: what it says, where one is in it, and the steps back. An empty row
 * always follows the last, to write a new offering into.
 */
export function makeSheet(lines: readonly Line[]) {
  let saved = $state.raw(savedFrom(lines));
  let history = $state.raw<History<Rows>>(startHistory(settle([], saved)));
  let active = $state.raw<Place>({ row: 0, column: 0 });
  let other = $state.raw<Place>({ row: 0, column: 0 });
  let editing = $state.raw<{ text: string; is_typed: boolean } | null>(null);
  let refused = $state.raw<readonly Refused[]>([]);
  let contested = $state.raw<readonly Contested[]>([]);
  let notice = $state('');

  const rows = $derived(history.present);
  const count = $derived(Math.min(rows.length + 1, MAX_OFFERINGS));
  const area = $derived(areaOf(active, other));
  const faults = $derived(faultsIn(rows, saved, refused));
  const faultAt = $derived(
    new Map(faults.map(({ row, column, message }) => [row * columns.length + column, message])),
  );
  const changed = $derived(
    rows.filter(
      (row) =>
        row.cells !== saved.get(row.key)?.cells &&
        !isBlank(row) &&
        changedIn(row, saved.get(row.key)).length > 0,
    ),
  );

  function step(next: Rows) {
    history = pushStep(history, next);
    notice = '';
  }
  function take({ rows: next, area: over, left_out }: Written) {
    step(next);
    [active, other] = [over.from, over.to];
    notice = leftOutWords(left_out);
  }
  const back = (to: History<Rows>) => {
    history = { ...to, present: settle(to.present, saved) };
    [active, other] = [within(active), within(other)];
    notice = '';
  };

  const within = ({ row, column }: Place): Place => ({ row: Math.min(row, count - 1), column });

  function goTo(place: Place, extend = false) {
    const to = within(place);
    // The cell that stays is where a selection began; what is typed goes into it.
    other = to;
    if (!extend) active = to;
  }

  return {
    get rows() {
      return rows;
    },
    get saved() {
      return saved;
    },
    get count() {
      return count;
    },
    /** Where typing goes. */
    get active() {
      return active;
    },
    /** The other corner of the selection. */
    get other() {
      return other;
    },
    get area() {
      return area;
    },
    get editing() {
      return editing;
    },
    get faults() {
      return faults;
    },
    get changed() {
      return changed;
    },
    get contested() {
      return contested;
    },
    get notice() {
      return notice;
    },
    get canUndo() {
      return history.past.length > 0;
    },
    get canRedo() {
      return history.future.length > 0;
    },
    faultAt: (row: number, column: number) => faultAt.get(row * columns.length + column),
    textAt: ({ row, column }: Place): string => {
      const name = names[column];
      return name === undefined ? '' : (rows[row]?.cells[name] ?? '');
    },
    goTo,
    select(from: Place, to: Place) {
      [active, other] = [from, to];
    },
    goToNextFault() {
      const next = nextFault(faults, active);
      if (next) goTo(next);
    },
    /** Begins to edit; what is typed replaces the cell, else its text can be mended. */
    edit(is_typed: boolean) {
      other = active;
      const name = names[active.column];
      const text = name === undefined ? '' : (rows[active.row]?.cells[name] ?? '');
      editing = { text: is_typed ? '' : text, is_typed };
    },
    /** Ends the edit and keeps it. */
    commit(text: string) {
      if (editing === null) return;
      editing = null;
      step(writeBlock(rows, active, [[text]]).rows);
    },
    cancel() {
      editing = null;
    },
    paste: (text: string) => take(pasteBlock(rows, area, readTsv(text))),
    copy: (): string => writeTsv(readArea(rows, area)),
    clear: () => step(clearArea(rows, area)),
    fillDown: () => take(fillDown(rows, area)),
    removeRows() {
      step(removeNew(rows, area));
      goTo(area.from);
    },
    undo: () => back(undoStep(history)),
    redo: () => back(redoStep(history)),
    refuse(found: readonly Refused[]) {
      refused = found;
    },
    /** The API has kept these rows; those that were new are offerings now. */
    kept(sent: Rows, reply: readonly { offering_id: string; version: number }[]) {
      const ids = new Map(sent.map(({ key }, at) => [key, reply[at]]));
      const renamed = rows.map((row) => {
        const id = ids.get(row.key)?.offering_id;
        return id === undefined || id === row.key ? row : { ...row, key: id };
      });
      const now = new Map(saved);
      for (const [at, { cells }] of sent.entries()) {
        const one = reply[at];
        if (one) now.set(one.offering_id, { ...one, cells });
      }
      const made = renamed.some((row, at) => row !== rows[at]);
      saved = now;
      // A step before there were these offerings would make them once more.
      history = made ? startHistory(renamed) : { ...history, present: renamed };
      refused = [];
      contested = [];
    },
    /** The API has kept these rows, and does not say again as which: they are loaded anew. */
    made(sent: Rows) {
      history = startHistory(removeMade(rows, sent));
      [active, other] = [within(active), within(other)];
    },
    /** Follows what the offerings have become; edits stay. */
    rebase(now: readonly Line[]) {
      const next = savedFrom(now);
      const moved = rebase(rows, saved, next);
      history = { ...history, present: moved.rows };
      saved = next;
      contested = moved.contested;
    },
    takeTheirs({ key, name, theirs }: Contested) {
      const row = rows.findIndex((one) => one.key === key);
      if (row >= 0) step(writeBlock(rows, { row, column: names.indexOf(name) }, [[theirs]]).rows);
      contested = contested.filter((one) => one.key !== key || one.name !== name);
    },
    columnOf: (name: Name) => names.indexOf(name),
  };
}

export type SheetState = ReturnType<typeof makeSheet>;
