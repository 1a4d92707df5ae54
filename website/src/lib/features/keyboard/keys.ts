/** Every key that Berth itself listens to: the handler and the page of keys read this table. */
export type Act = 'find' | 'help' | 'search' | 'next' | 'previous' | 'beside';

export interface KeyRow {
  /** As a browser names them. */
  keys: readonly string[];
  /** As they stand on a keyboard. */
  shown: readonly string[];
  does: string;
  /** Null where the browser does it by itself. */
  act: Act | null;
  /** With Ctrl, or with Command on a Mac; the others are single keys. */
  is_chord?: boolean;
}

export const keyRows: readonly KeyRow[] = [
  {
    keys: ['k', 'K'],
    shown: ['Ctrl K', '⌘ K'],
    does: 'Find a page, a contract, an offering or an action',
    act: 'find',
    is_chord: true,
  },
  { keys: ['/'], shown: ['/'], does: 'Go to the search of the page', act: 'search' },
  {
    keys: ['j', 'ArrowDown'],
    shown: ['J', '↓'],
    does: 'Go to the next of a list, or down',
    act: 'next',
  },
  {
    keys: ['k', 'ArrowUp'],
    shown: ['K', '↑'],
    does: 'Go to the one before, or up',
    act: 'previous',
  },
  {
    keys: ['ArrowLeft', 'ArrowRight'],
    shown: ['←', '→'],
    does: 'Go to the one beside it, where several stand in a row',
    act: 'beside',
  },
  { keys: ['Enter'], shown: ['Enter'], does: 'Open it', act: null },
  { keys: ['Escape'], shown: ['Esc'], does: 'Close what is open', act: null },
  { keys: ['?'], shown: ['?'], does: 'Show these keys', act: 'help' },
];

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** What a press asks for; null for what is none of ours. */
export function actOf({ key, ctrlKey, metaKey, altKey }: Pressed): Act | null {
  if (altKey) return null;
  const is_chord = ctrlKey !== metaKey;
  if (ctrlKey && metaKey) return null;
  const row = keyRows.find((one) => one.keys.includes(key) && (one.is_chord ?? false) === is_chord);
  return row?.act ?? null;
}

/** Where single keys are for writing, or have a meaning of their own. */
const OWN_KEYS =
  'input, textarea, select, [contenteditable], dialog[open], :popover-open, [role="grid"]';

/** Whether a press belongs to what has the focus: a chord alone is heard while one types. */
export function isTaken(target: EventTarget | null, act: Act): boolean {
  if (!(target instanceof Element)) return false;
  if (act === 'find') return target.closest('dialog[open]') !== null;
  return target.closest(OWN_KEYS) !== null;
}

const SINGLE_KEYS = 'single-keys';

/** Whether single keys are heard on this device; voice control and slips press them unasked. */
export function hasSingleKeys(): boolean {
  try {
    return localStorage.getItem(SINGLE_KEYS) !== 'off';
  } catch {
    return true;
  }
}

export function setSingleKeys(isOn: boolean): void {
  try {
    if (isOn) localStorage.removeItem(SINGLE_KEYS);
    else localStorage.setItem(SINGLE_KEYS, 'off');
  } catch {
    // Without storage there is nowhere to keep it, and the box shows how it is.
  }
}
