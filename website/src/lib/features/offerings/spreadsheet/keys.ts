import { flushSync } from 'svelte';
import { columns } from './columns.ts';
import { placeAfter, placeAfterTab, type Place } from './places.ts';
import type { SheetState } from './sheet.svelte.ts';
import type { SheetView } from './view.svelte.ts';

interface Parts {
  sheet: SheetState;
  view: SheetView;
  save: () => Promise<void>;
}

const sizeOf = ({ sheet, view }: Parts) => ({
  rows: sheet.count,
  columns: columns.length,
  page: view.page,
});

function move({ sheet, view }: Parts, to: Place, extend = false) {
  sheet.goTo(to, extend);
  view.show(extend ? sheet.other : sheet.active);
}

function beginEdit({ sheet, view }: Parts, is_typed: boolean) {
  view.show(sheet.active);
  // The letter that was pressed goes into the field, so it must be there and have the focus.
  flushSync(() => sheet.edit(is_typed));
}

/** What keys do to a sheet, other than leading to another cell. */
function actsOf(parts: Parts) {
  const { sheet, view, save } = parts;
  const all = () => ({ row: Math.max(0, sheet.rows.length - 1), column: columns.length - 1 });
  const withCtrl: Record<string, (event: KeyboardEvent) => void> = {
    z: ({ shiftKey }) => (shiftKey ? sheet.redo() : sheet.undo()),
    y: () => sheet.redo(),
    d: () => sheet.fillDown(),
    s: () => void save(),
    a: () => sheet.select({ row: 0, column: 0 }, all()),
  };
  const alone: Record<string, () => void> = {
    Enter: () => beginEdit(parts, false),
    F2: () => beginEdit(parts, false),
    F8: () => {
      sheet.goToNextFault();
      view.show(sheet.active);
    },
    Delete: () => sheet.clear(),
    Backspace: () => sheet.clear(),
  };
  return { withCtrl, alone };
}

type CellField = HTMLInputElement | HTMLTextAreaElement;

/** Keys of a cell that is being edited; whether one meant something. */
function pressInCell(parts: Parts, event: KeyboardEvent, field: CellField): boolean {
  const { sheet, view } = parts;
  const { key, shiftKey, altKey } = event;
  const { row, column } = sheet.active;
  const size = sizeOf(parts);
  const isArrow = key.startsWith('Arrow') && sheet.editing?.is_typed === true;
  const to =
    key === 'Enter' && !altKey
      ? { row: Math.max(0, row + (shiftKey ? -1 : 1)), column }
      : key === 'Tab'
        ? (placeAfterTab(sheet.active, shiftKey, size) ?? sheet.active)
        : isArrow
          ? placeAfter(sheet.active, { key, far: false, ...size })
          : null;
  if (key === 'Enter' && altKey && field instanceof HTMLTextAreaElement) {
    field.setRangeText('\n', field.selectionStart, field.selectionEnd, 'end');
    return true;
  }
  if (key !== 'Escape' && !to) return false;
  if (to) {
    sheet.commit(field.value);
    move(parts, to);
  } else sheet.cancel();
  view.focus();
  return true;
}

/** Keys that a spreadsheet has; the function takes every key pressed in the grid. */
export function makeKeys(parts: Parts) {
  const { sheet } = parts;
  const { withCtrl, alone } = actsOf(parts);
  // After Escape, Tab leaves the sheet: whoever has only a keyboard must be able to.
  let isLeaving = false;

  /** Whether the key meant something to the sheet. */
  function press(event: KeyboardEvent): boolean {
    const { key, shiftKey } = event;
    const far = event.ctrlKey || event.metaKey;
    const size = sizeOf(parts);
    const wasLeaving = isLeaving;
    isLeaving = key === 'Escape' || (isLeaving && key === 'Shift');
    if (key === 'Escape') {
      move(parts, sheet.active);
      return true;
    }
    if (key === 'Tab') {
      const to = wasLeaving ? null : placeAfterTab(sheet.active, shiftKey, size);
      if (to) move(parts, to);
      return to !== null;
    }
    const to = placeAfter(shiftKey ? sheet.other : sheet.active, { key, far, ...size });
    const act = far ? withCtrl[key.toLowerCase()] : alone[key];
    if (to) move(parts, to, shiftKey);
    else act?.(event);
    return to !== null || act !== undefined;
  }

  return (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const field = event.target;
    const isInCell = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
    if (isInCell ? pressInCell(parts, event, field) : press(event)) event.preventDefault();
    else if (!isInCell && isLetter(event)) beginEdit(parts, true);
  };
}

/** A letter, or the beginning of one that is composed of several keys. */
const isLetter = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  !ctrlKey && !metaKey && !altKey && ([...key].length === 1 || key === 'Process' || key === 'Dead');
