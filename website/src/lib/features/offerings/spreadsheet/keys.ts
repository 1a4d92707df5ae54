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

/** Keys that a spreadsheet has; the function takes every key pressed in the grid. */
export function makeKeys({ sheet, view, save }: Parts) {
  // After Escape, Tab leaves the sheet: whoever has only a keyboard must be able to.
  let isLeaving = false;

  function move(to: Place, extend = false) {
    sheet.goTo(to, extend);
    view.show(extend ? sheet.other : sheet.active);
  }

  function beginEdit(is_typed: boolean) {
    view.show(sheet.active);
    // The letter that was pressed goes into the field, so it must be there and have the focus.
    flushSync(() => sheet.edit(is_typed));
  }

  const withCtrl: Record<string, (event: KeyboardEvent) => void> = {
    z: ({ shiftKey }) => (shiftKey ? sheet.redo() : sheet.undo()),
    y: () => sheet.redo(),
    d: () => sheet.fillDown(),
    s: () => void save(),
    a: () =>
      sheet.select(
        { row: 0, column: 0 },
        { row: Math.max(0, sheet.rows.length - 1), column: columns.length - 1 },
      ),
  };
  const alone: Record<string, () => void> = {
    Enter: () => beginEdit(false),
    F2: () => beginEdit(false),
    F8: () => {
      sheet.goToNextFault();
      view.show(sheet.active);
    },
    Delete: () => sheet.clear(),
    Backspace: () => sheet.clear(),
  };

  /** Whether the key meant something to the sheet. */
  function press(event: KeyboardEvent): boolean {
    const { key, shiftKey } = event;
    const far = event.ctrlKey || event.metaKey;
    const size = { rows: sheet.count, columns: columns.length };
    const wasLeaving = isLeaving;
    isLeaving = key === 'Escape' || (isLeaving && key === 'Shift');
    if (key === 'Escape') {
      move(sheet.active);
      return true;
    }
    if (key === 'Tab') {
      const to = wasLeaving ? null : placeAfterTab(sheet.active, shiftKey, size);
      if (to) move(to);
      return to !== null;
    }
    const from = shiftKey ? sheet.other : sheet.active;
    const to = placeAfter(from, { key, far, ...size, page: view.page });
    const act = far ? withCtrl[key.toLowerCase()] : alone[key];
    if (to) move(to, shiftKey);
    else act?.(event);
    return to !== null || act !== undefined;
  }

  /** Keys of a cell that is being edited: `text` is what it says now. */
  function pressInCell(event: KeyboardEvent, text: string): boolean {
    const { key, shiftKey, altKey } = event;
    const { row, column } = sheet.active;
    const size = { rows: sheet.count, columns: columns.length };
    const isArrow = key.startsWith('Arrow') && sheet.editing?.is_typed === true;
    const to =
      key === 'Enter' && !altKey
        ? { row: Math.max(0, row + (shiftKey ? -1 : 1)), column }
        : key === 'Tab'
          ? (placeAfterTab(sheet.active, shiftKey, size) ?? sheet.active)
          : isArrow
            ? placeAfter(sheet.active, { key, far: false, ...size, page: view.page })
            : null;
    if (key === 'Escape') sheet.cancel();
    else if (to) {
      sheet.commit(text);
      move(to);
    }
    if (key !== 'Escape' && !to) return false;
    view.focus();
    return true;
  }

  return (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const field = event.target;
    const isInCell = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
    if (isInCell ? pressInCell(event, field.value) : press(event)) {
      event.preventDefault();
    } else if (!isInCell && isLetter(event)) beginEdit(true);
  };
}

/** A letter, or the beginning of one that is composed of several keys. */
const isLetter = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  !ctrlKey && !metaKey && !altKey && ([...key].length === 1 || key === 'Process' || key === 'Dead');
