/** How a cell of a spreadsheet, a file or a form is read: the same words in browser and API. */
import { readDecimal } from '../money.ts';
import { findCountry } from './catalogue.ts';
import type { ColumnName } from './columns.ts';

/** A cell's value as an offering's field takes it, or a sentence that says how to write it. */
export type CellRead = { value: unknown } | { refused: string };

/** How a cell is read, where its file says so. */
export interface How {
  /** The unit of a number without one, other than the column's own. */
  bare_unit?: string | undefined;
  /** The letters that part a list. */
  marks?: string;
}

type Reader = (text: string, how: How) => CellRead;

/** Letter case, spaces and punctuation do not tell names apart. */
export const plainName = (name: string): string =>
  name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

const HOURS_PER_INTERVAL: Record<string, number> = {
  hourly: 1,
  daily: 24,
  weekly: 7 * 24,
  monthly: 720,
  quarterly: 3 * 720,
  yearly: 12 * 720,
};
/** Cells that mean the same in our words, by plain name. */
const WORDS: Partial<Record<ColumnName, Record<string, string>>> = {
  kind: {
    vps: 'compute',
    cloud: 'compute',
    vm: 'compute',
    virtualserver: 'compute',
    dedicatedserver: 'dedicated',
    baremetal: 'dedicated',
    managed: 'hosting',
    webhosting: 'hosting',
  },
  unit: {
    h: 'hour',
    hr: 'hour',
    hours: 'hour',
    hourly: 'hour',
    perhour: 'hour',
    d: 'day',
    days: 'day',
    daily: 'day',
    perday: 'day',
    mo: 'month',
    months: 'month',
    monthly: 'month',
    permonth: 'month',
  },
  gpu_interconnect: {
    pci: 'pcie',
    pciexpress: 'pcie',
    nvl: 'nvlink',
    sxm4: 'sxm',
    sxm5: 'sxm',
    xgmi: 'infinity_fabric',
    infinityfabric: 'infinity_fabric',
  },
  commitment: { ondemand: 'on_demand', interruptible: 'spot', preemptible: 'spot' },
  virtualization: { none: 'bare_metal', docker: 'container', openvz: 'container' },
  visibility: { visible: 'public', hidden: 'private', invisible: 'private' },
  stock: { instock: '1', limited: '1', outofstock: '0' },
  unmetered: {
    unmetered: 'yes',
    unmeteredinbound: 'no',
    standard: 'no',
    metered: 'no',
    none: 'no',
  },
  min_hours: Object.fromEntries(
    Object.entries(HOURS_PER_INTERVAL).map(([word, hours]) => [word, String(hours)]),
  ),
};

/** A cell in our words: `per hour` -> `hour`, `In stock` -> `1`; any other stays as it is. */
function plainWord(column: ColumnName, cell: string): string {
  const words = WORDS[column] ?? {};
  const name = plainName(cell);
  return Object.hasOwn(words, name) ? (words[name] ?? cell) : cell;
}

const LIST_MARK = ';';

/** A list in one cell; a `;` inside an item is written `\;`. */
export const joinList = (items: readonly string[]): string =>
  items.map((item) => item.replace(/[\\;]/g, '\\$&')).join(LIST_MARK);

/** The items of a cell, without empty ones; `marks` are the letters that part them. */
function splitList(cell: string, marks: string): string[] {
  const items: string[] = [];
  let item = '';
  for (const [piece] of cell.matchAll(/\\[\\;]|[^]/gu)) {
    if (marks.includes(piece)) {
      items.push(item);
      item = '';
    } else {
      item += piece.length === 2 && piece.startsWith('\\') ? piece.slice(1) : piece;
    }
  }
  return [...items, item].map((one) => one.trim()).filter((one) => one !== '');
}

const KILO = 1_024;
const GIB: Record<string, number> = { m: 1 / KILO, g: 1, t: KILO, p: KILO * KILO };
const MBPS: Record<string, number> = { k: 1 / 1_000, m: 1, g: 1_000, t: 1_000_000 };
const NUMBER = String.raw`(\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?)`;
const SIZE = new RegExp(`^${NUMBER}\\s*(?:([mgtp])(?:i?b|i?bytes?)?)?$`, 'i');
const SPEED = new RegExp(`^${NUMBER}\\s*(?:([kmgt])(?:bits?|bps|b)?(?:/s|ps)?)?$`, 'i');
const YES = new Set(['yes', 'true', '1', 'y', 'x']);
const NO = new Set(['no', 'false', '0', 'n']);

const numberOf = (text = ''): number => Number(text.replaceAll(',', ''));
const text: Reader = (cell) => ({ value: cell });
const upper: Reader = (cell) => ({ value: cell.trim().toUpperCase() });
const word: Reader = (cell) => ({ value: cell.trim().toLowerCase() });
const list: Reader = (cell, { marks = LIST_MARK }) => ({ value: splitList(cell, marks) });

const whole: Reader = (cell) =>
  /^\d+(,\d{3})*$/.test(cell.trim())
    ? { value: numberOf(cell) }
    : { refused: 'Write a whole number, such as 8' };

/** A size with its unit, in `unit` (G or T); powers of 1,024, however it is spelt. */
const size =
  (unit: string): Reader =>
  (cell, { bare_unit = unit }) => {
    const [, number, letter = bare_unit] = SIZE.exec(cell.trim()) ?? [];
    const factor = (GIB[letter.toLowerCase()] ?? 1) / (GIB[unit] ?? 1);
    return number === undefined
      ? { refused: 'Write a number with or without its unit, such as 64 GB' }
      : { value: numberOf(number) * factor };
  };

const speed: Reader = (cell) => {
  const [, number, letter = 'm'] = SPEED.exec(cell.trim()) ?? [];
  return number === undefined
    ? { refused: 'Write a speed, such as 1000 or 10 Gbit' }
    : { value: numberOf(number) * (MBPS[letter.toLowerCase()] ?? 1) };
};

const amount: Reader = (cell) => {
  const amount_e9s = readDecimal(cell);
  return amount_e9s === null
    ? { refused: 'Write an amount with a point and at most nine decimals, such as 2.50' }
    : { value: amount_e9s.toString() };
};

const flag: Reader = (cell) => {
  const said = plainName(cell);
  return YES.has(said) || NO.has(said) ? { value: YES.has(said) } : { refused: 'Write yes or no' };
};

const country: Reader = (cell) => {
  const value = findCountry(cell);
  return value === null
    ? { refused: 'Write two letters, such as NL, or the English name' }
    : { value };
};

/** How each column is read, and what an empty cell says; without `empty` it says nothing. */
const cells: Record<ColumnName, { read: Reader; empty?: unknown }> = {
  id: { read: text, empty: null },
  reference: { read: text, empty: null },
  state: { read: word },
  kind: { read: word },
  title: { read: text },
  description: { read: text, empty: '' },
  gpu_model: { read: text, empty: null },
  gpu_count: { read: whole, empty: null },
  gpu_memory_gib: { read: size('g'), empty: null },
  cpu_model: { read: text, empty: null },
  vcpus: { read: whole, empty: null },
  memory_gib: { read: size('g'), empty: null },
  disk_kind: { read: word, empty: null },
  disk_gib: { read: size('g'), empty: null },
  uplink_mbps: { read: speed, empty: null },
  traffic_tib: { read: size('t'), empty: null },
  unmetered: { read: flag, empty: false },
  virtualization: { read: word, empty: null },
  operating_systems: { read: list, empty: [] },
  features: { read: list, empty: [] },
  gpu_interconnect: { read: word, empty: null },
  commitment: { read: word, empty: null },
  country: { read: country },
  city: { read: text, empty: '' },
  price: { read: amount },
  unit: { read: word },
  currency: { read: upper },
  setup_fee: { read: amount },
  min_hours: { read: whole },
  max_hours: { read: whole },
  response_hours: { read: whole },
  provisioning_hours: { read: whole },
  stock: { read: whole },
  visibility: { read: word },
};

/** Reads a cell; null where it says nothing, which is a new row's start or no change. */
export function readCell(column: ColumnName, text: string, how: How = {}): CellRead | null {
  const { read, empty } = cells[column];
  if (text.trim() === '') return empty === undefined ? null : { value: empty };
  return read(plainWord(column, text), how);
}

/** Whether a column holds a list of texts. */
export const isListColumn = (column: ColumnName): boolean => cells[column].read === list;

/** Whether a column holds an amount of money. */
export const isAmountColumn = (column: ColumnName): boolean => cells[column].read === amount;

/** What a column holds where nothing is said; undefined where something must be. */
export const emptyOf = (column: ColumnName): unknown => cells[column].empty;
