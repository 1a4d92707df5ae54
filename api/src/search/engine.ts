/** The index itself: rows in, answers out, all at once and in memory. */
import { comparingCurrency, type Query } from '@berth/shared/market/tree';
import type { Currency } from '@berth/shared/money';
import type { Yardsticks } from './best.ts';
import { complete } from './complete.ts';
import { facetsOf } from './facets.ts';
import type { Scope } from './filter.ts';
import type {
  CompleteAsk,
  Completion,
  Facet,
  FacetsAsk,
  FeaturedGpu,
  PositionAnswer,
  PositionAsk,
  SearchAnswer,
  SearchAsk,
} from './index-port.ts';
import { featuredGpus, positionOf } from './position.ts';
import type { SearchRow } from './row.ts';
import { runSearch } from './search.ts';
import { dropRow, makeTable, putRow, tidyTable, type Table } from './table.ts';
import { makeTotals, setTotals, type Totals } from './totals.ts';
import { sortWords, wordsSize } from './words.ts';

/** How many numbers of hours keep their totals. */
const MAX_TOTALS = 4;

export interface Engine {
  put(row: SearchRow): void;
  remove(id: string): void;
  /** Readies what the next search needs, after many rows. */
  settle(): void;
  search(ask: SearchAsk, now_ms: number): SearchAnswer;
  facets(ask: FacetsAsk, now_ms: number): Facet[];
  complete(ask: CompleteAsk): Completion[];
  position(ask: PositionAsk, now_ms: number): PositionAnswer | null;
  featured(ask: { hours: number; currency: Currency; limit: number }): FeaturedGpu[];
  size(): number;
  bytes(): number;
}

interface State {
  table: Table;
  /** The latest asked for last. */
  totals: Totals[];
  keys: Float64Array;
  /** Of the query that finds everything, by hours, until a row changes. */
  yardsticks: Map<number, { version: number; sticks: Yardsticks }>;
}

export function makeEngine(): Engine {
  const state: State = {
    table: makeTable(),
    totals: [],
    keys: new Float64Array(0),
    yardsticks: new Map(),
  };
  const { table } = state;
  const scopeOf = (query: Query, hours: number, now_ms: number): Scope => ({
    table,
    totals: totalsOf(state, hours),
    currency: comparingCurrency(query),
    now_ms,
  });
  const nothing: Query = { type: 'all', of: [] };
  return {
    put(row) {
      putRow(table, row);
      follow(state);
    },
    remove(id) {
      dropRow(table, id);
      follow(state);
    },
    settle: () => sortWords(table.words),
    search: (ask, now_ms) =>
      runSearch(scopeOf(ask.query, ask.hours, now_ms), ask, keptOf(state, ask)),
    facets: ({ query, hours }, now_ms) => facetsOf(scopeOf(query, hours, now_ms), query),
    complete: (ask) => complete(table, ask),
    position: ({ offering_id, hours, similar }, now_ms) =>
      positionOf(scopeOf(nothing, hours, now_ms), offering_id, similar),
    featured: ({ hours, currency, limit }) =>
      featuredGpus(scopeOf(nothing, hours, 0), currency, limit),
    size: () => table.live,
    bytes: () => bytesOf(state),
  };
}

/** The totals that are kept follow each row; a table that moved its rows begins anew. */
function follow(state: State): void {
  const { table } = state;
  const isAsWide = ({ total }: Totals) => total.length === table.capacity;
  if (tidyTable(table) || !state.totals.every(isAsWide)) state.totals = [];
  for (const totals of state.totals) {
    for (const slot of table.touched) setTotals(table, totals, slot, slot + 1);
  }
  table.touched = [];
}

function totalsOf(state: State, hours: number): Totals {
  const known = state.totals.find((totals) => totals.hours === hours);
  const totals = known ?? makeTotals(state.table, hours);
  state.totals = [...state.totals.filter((one) => one !== totals), totals].slice(-MAX_TOTALS);
  return totals;
}

function keptOf(state: State, { hours }: SearchAsk) {
  const { table } = state;
  if (state.keys.length < table.size) state.keys = new Float64Array(table.capacity);
  return {
    keys: state.keys,
    yardsticks(make: () => Yardsticks): Yardsticks {
      const known = state.yardsticks.get(hours);
      if (known?.version === table.version) return known.sticks;
      if (state.yardsticks.size >= MAX_TOTALS) state.yardsticks.clear();
      const sticks = make();
      state.yardsticks.set(hours, { version: table.version, sticks });
      return sticks;
    },
  };
}

function bytesOf({ table, totals, keys }: State): number {
  const columns = [
    table.alive,
    table.ids.high,
    table.ids.low,
    table.index.places,
    ...Object.values(table.numbers),
    ...Object.values(table.codes),
    ...Object.values(table.tags).flatMap((tags) => [tags.starts, tags.counts, tags.values]),
    ...totals.flatMap(({ total, fits }) => [total, fits]),
    keys,
  ];
  return columns.reduce((sum, { byteLength }) => sum + byteLength, wordsSize(table.words));
}
