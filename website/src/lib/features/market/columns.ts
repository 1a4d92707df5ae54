import type { SearchSort } from '@berth/shared/market/schemas';
import { formatMoney, formatRoughly } from '@berth/shared/money';
import { diskWords, kindWords } from '@berth/shared/offerings/catalogue';
import { gpuWords, shortPlace, sizeWords, speedWords } from '#lib/features/offerings/specs.ts';
import type { Glance } from './glance.ts';

/**
 * How wide the table must be for a column that nobody has chosen: `narrow` gives way where there
 * is room for more, `asked` is there for who chooses it.
 */
export type From = 'narrow' | 'medium' | 'wide' | 'wider' | 'widest' | 'asked';

export interface ResultColumn {
  label: string;
  /** The orders that its header leads to: from the least up, and from the most down. */
  sort?: { up?: SearchSort; down?: SearchSort };
  is_number?: boolean;
  /** It is in every table. */
  always?: boolean;
  from?: From;
  /** On a phone a result is a few lines, without it unless it was chosen. */
  desk_only?: boolean;
  /** What the cell says, where it is plain words; null where that is not known. */
  words?: (offering: Glance) => string | null;
}

const numbers = new Intl.NumberFormat('en');
const count = (value: number | null) => (value === null ? null : numbers.format(value));
const size = (gib: number | null) => (gib === null ? null : sizeWords(gib));

/** `12 Nov`, the same for everybody: a page is not made for one zone. */
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

const table = {
  rank: { label: 'Rank', sort: { up: 'best' } },
  title: { label: 'Offering', always: true },
  kind: { label: 'Kind', from: 'asked', words: ({ kind }) => kindWords[kind].label },
  country: { label: 'In', from: 'narrow', desk_only: true, words: ({ country }) => country },
  place: { label: 'Place', from: 'wider', words: shortPlace },
  provider: {
    label: 'Provider',
    from: 'widest',
    desk_only: true,
    words: ({ provider }) => provider.display_name,
  },
  gpu: { label: 'GPU', words: gpuWords },
  gpu_memory: {
    label: 'GPU memory',
    sort: { down: 'gpu_memory' },
    is_number: true,
    from: 'medium',
    words: ({ gpu_memory_gib }) => size(gpu_memory_gib),
  },
  vcpus: { label: 'vCPU', is_number: true, from: 'medium', words: ({ vcpus }) => count(vcpus) },
  memory: {
    label: 'Memory',
    sort: { down: 'memory' },
    is_number: true,
    words: ({ memory_gib }) => size(memory_gib),
  },
  disk: {
    label: 'Disk',
    is_number: true,
    from: 'wider',
    words: ({ disk_gib, disk_kind }) =>
      disk_gib === null
        ? null
        : `${sizeWords(disk_gib)}${disk_kind === null ? '' : ` ${diskWords[disk_kind]}`}`,
  },
  uplink: {
    label: 'Uplink',
    is_number: true,
    from: 'widest',
    desk_only: true,
    words: ({ uplink_mbps }) => (uplink_mbps === null ? null : speedWords(uplink_mbps)),
  },
  traffic: {
    label: 'Traffic',
    is_number: true,
    from: 'asked',
    words: ({ unmetered, traffic_tib }) =>
      unmetered ? 'Unmetered' : size(traffic_tib === null ? null : traffic_tib * GIB_PER_TIB),
  },
  renters: {
    label: 'Renters',
    sort: { down: 'reputation' },
    is_number: true,
    from: 'wide',
    desk_only: true,
    words: ({ renters }) => count(renters),
  },
  listed_at: {
    label: 'Listed',
    sort: { down: 'newest' },
    is_number: true,
    from: 'wide',
    desk_only: true,
    words: ({ listed_at }) => (listed_at === null ? null : days.format(Date.parse(listed_at))),
  },
  at_once: {
    label: 'Accepted',
    from: 'asked',
    words: ({ auto_accept_hours, price }) =>
      auto_accept_hours !== null && price.hours <= auto_accept_hours ? 'At once' : null,
  },
  stock: {
    label: 'Stock',
    is_number: true,
    words: ({ stock }) => (stock === 0 ? 'None' : count(stock)),
  },
  setup: {
    label: 'Setup',
    is_number: true,
    from: 'asked',
    words: ({ price, currency }) =>
      price.setup_fee_e9s === '0' ? null : formatMoney(BigInt(price.setup_fee_e9s), currency),
  },
  hourly: {
    label: 'An hour',
    is_number: true,
    words: ({ price, currency }) => formatRoughly(BigInt(price.hourly_e9s), currency),
  },
  total: {
    label: 'Total',
    sort: { up: 'price', down: 'price_desc' },
    is_number: true,
    always: true,
    words: ({ price, currency }) => formatMoney(BigInt(price.total_e9s), currency),
  },
  actions: { label: 'Keep', always: true },
} satisfies Record<string, ResultColumn>;

const GIB_PER_TIB = 1_024;

export type ColumnId = keyof typeof table;
export const resultColumns: Readonly<Record<ColumnId, ResultColumn>> = table;
export const columnIds = Object.keys(table) as ColumnId[];

/** What somebody may choose from. */
export const choosable = columnIds.filter((id) => !resultColumns[id].always);

/** The columns of a table: those that were chosen, and the one that it is sorted by. */
export function columnsOf(chosen: readonly ColumnId[] | null, sort: SearchSort): ColumnId[] {
  if (chosen === null) return columnIds.filter((id) => resultColumns[id].from !== 'asked');
  return columnIds.filter((id) => {
    const { always, sort: by } = resultColumns[id];
    return always === true || chosen.includes(id) || by?.up === sort || by?.down === sort;
  });
}

const MOST_COOKIE = 200;
const COOKIE_DAYS = 365;
const DAY_S = 86_400;
export const COLUMNS_COOKIE = 'columns';
/** Of those that may be chosen. */
const NO_COLUMNS = 'none';

/** The columns that a browser remembers; null where it remembers none, or what means nothing. */
export function readColumns(text: string | undefined): ColumnId[] | null {
  if (text === undefined || text.length > MOST_COOKIE) return null;
  const asked = text.split('.');
  const known = choosable.filter((id) => asked.includes(id));
  return known.length === 0 && text !== NO_COLUMNS ? null : known;
}

/** What makes a browser remember them for a year, or forget them. */
export function columnsCookie(chosen: readonly ColumnId[] | null): string {
  const age_s = chosen === null ? 0 : COOKIE_DAYS * DAY_S;
  const value = chosen?.length === 0 ? NO_COLUMNS : (chosen?.join('.') ?? '');
  return `${COLUMNS_COOKIE}=${value}; path=/marketplace; max-age=${age_s}; samesite=lax`;
}

/** Which way the rows run by a column now. */
export function directionOf(id: ColumnId, sort: SearchSort): 'ascending' | 'descending' | 'none' {
  const { sort: by } = resultColumns[id];
  return by?.up === sort ? 'ascending' : by?.down === sort ? 'descending' : 'none';
}

/** The order that a press on its header leads to: the other one of two, else its only one. */
export function nextSort(id: ColumnId, sort: SearchSort): SearchSort | null {
  const { up, down } = resultColumns[id].sort ?? {};
  return (sort === up ? (down ?? up) : (up ?? down)) ?? null;
}
