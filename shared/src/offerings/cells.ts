/** How a cell of a spreadsheet, a file or a form is read: the same words in browser and API. */
import { amount } from './amounts.ts';
import { plainName, type CellRead, type How, type Reader } from './cell-read.ts';
import type { ColumnName } from './columns.ts';
import { city, country } from './places.ts';
import { hours, size, speed, whole } from './quantities.ts';

export { plainName };
export type { CellRead, How };

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
  visibility: {
    ...{ visible: 'public', hidden: 'private', invisible: 'private' },
    // Of Decent Cloud: for those on a list, which does not come with it.
    shared: 'private',
  },
  stock: {
    ...{ instock: '1', limited: '1', available: '1', yes: '1', true: '1' },
    ...{ outofstock: '0', soldout: '0', unavailable: '0', discontinued: '0', no: '0', false: '0' },
  },
  unmetered: {
    unmetered: 'yes',
    unlimited: 'yes',
    unmeteredinboundunmeteredoutbound: 'yes',
    unmeteredinbound: 'no',
    unmeteredoutbound: 'no',
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

const YES = new Set(['yes', 'true', '1', 'y', 'x']);
const NO = new Set(['no', 'false', '0', 'n']);
/** Cells that say that there is nothing, where there may be nothing. */
const NOTHING = /^(?:[-–—?]+|n\/?a|null|nan|none|nil|unknown)$/i;

const asText: Reader = (cell) => ({ value: cell });
const upper: Reader = (cell) => ({ value: cell.trim().toUpperCase() });
const word: Reader = (cell) => ({ value: cell.trim().toLowerCase() });
const list: Reader = (cell, { marks = LIST_MARK }) => ({ value: splitList(cell, marks) });

/** A model, with how many of it where that stands before: `8x H100`. */
const gpu: Reader = (cell) => {
  const [, count, model] = /^\s*(\d{1,4})\s*[x×]\s+(\S.*)$/i.exec(cell) ?? [];
  return count === undefined ? { value: cell } : { value: model, implies: { gpu_count: count } };
};

const count = whole('units?|pcs|pieces?|available|left');

const flag: Reader = (cell) => {
  const said = plainName(cell);
  return YES.has(said) || NO.has(said) ? { value: YES.has(said) } : { refused: 'Write yes or no' };
};

/** How each column is read, and what an empty cell says; without `empty` it says nothing. */
const cells: Record<ColumnName, { read: Reader; empty?: unknown }> = {
  id: { read: asText, empty: null },
  reference: { read: asText, empty: null },
  state: { read: word },
  kind: { read: word },
  title: { read: asText },
  description: { read: asText, empty: '' },
  gpu_model: { read: gpu, empty: null },
  gpu_count: { read: whole('gpus?|cards?|x|pcs'), empty: null },
  gpu_memory_gib: { read: size('g', 'gpu'), empty: null },
  cpu_model: { read: asText, empty: null },
  vcpus: { read: whole('v?cpus?|v?cores?|threads?|c'), empty: null },
  memory_gib: { read: size('g', 'memory'), empty: null },
  disk_kind: { read: word, empty: null },
  disk_gib: { read: size('g', 'disk'), empty: null },
  uplink_mbps: { read: speed, empty: null },
  traffic_tib: { read: size('t', 'traffic'), empty: null },
  unmetered: { read: flag, empty: false },
  virtualization: { read: word, empty: null },
  operating_systems: { read: list, empty: [] },
  features: { read: list, empty: [] },
  gpu_interconnect: { read: word, empty: null },
  commitment: { read: word, empty: null },
  country: { read: country },
  city: { read: city, empty: '' },
  price: { read: amount },
  unit: { read: word },
  currency: { read: upper },
  setup_fee: { read: amount },
  min_hours: { read: hours },
  max_hours: { read: hours },
  response_hours: { read: hours },
  provisioning_hours: { read: hours },
  stock: { read: count },
  visibility: { read: word },
};

/** Columns of free text, in which other lists say more than one thing. */
const textual: ReadonlySet<Reader> = new Set([gpu, city]);

/** Reads a cell; null where it says nothing, which is a new row's start or no change. */
export function readCell(column: ColumnName, text: string, how: How = {}): CellRead | null {
  const { read, empty } = cells[column];
  if (text.trim() === '') return empty === undefined ? null : { value: empty };
  const said = plainWord(column, text);
  if (empty === null && read !== asText && read !== gpu && NOTHING.test(said.trim())) {
    return { value: null };
  }
  return how.is_own === true && textual.has(read) ? { value: text } : read(said, how);
}

/** Whether a column holds a list of texts. */
export const isListColumn = (column: ColumnName): boolean => cells[column].read === list;

/** Whether a column holds an amount of money. */
export const isAmountColumn = (column: ColumnName): boolean => cells[column].read === amount;

const others: ReadonlySet<Reader> = new Set([asText, upper, word, list, flag, gpu, city, country]);

/** Whether a column holds numbers, which a decimal mark stands in. */
export const isNumberColumn = (column: ColumnName): boolean => !others.has(cells[column].read);

/** What a column holds where nothing is said; undefined where something must be. */
export const emptyOf = (column: ColumnName): unknown => cells[column].empty;
