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
  measured: { said: string; keys: Float64Array };
  /** Of the query that finds everything, by hours, until a row changes. */
  yardsticks: Map<number, { version: number; sticks: Yardsticks }>;
  facets: { version: number; hours: number; at_ms: number; answer: Facet[] } | null;
}

/** So long the facets of everything are those of a while ago, where no row has changed. */
const MAX_FACETS_AGE_MS = 10_000;

export function makeEngine(): Engine {
  const state: State = {
    table: makeTable(),
    totals: [],
    keys: new Float64Array(0),
    measured: { said: '', keys: new Float64Array(0) },
    facets: null,
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
    facets: (ask, now_ms) => facetsFor(state, ask, now_ms, scopeOf),
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

function facetsFor(
  state: State,
  { query, hours }: FacetsAsk,
  now_ms: number,
  scopeOf: (query: Query, hours: number, now_ms: number) => Scope,
): Facet[] {
  if (query.type !== 'all' || query.of.length > 0) {
    return facetsOf(scopeOf(query, hours, now_ms), query);
  }
  const { version } = state.table;
  const known = state.facets;
  const stands = known?.version === version && known.hours === hours;
  if (stands && Math.abs(now_ms - known.at_ms) < MAX_FACETS_AGE_MS) return known.answer;
  const answer = facetsOf(scopeOf(query, hours, now_ms), query);
  state.facets = { version, hours, at_ms: now_ms, answer };
  return answer;
}

function keptOf(state: State, { hours }: SearchAsk) {
  const { table } = state;
  if (state.keys.length < table.size) state.keys = new Float64Array(table.capacity);
  return {
    keys: state.keys,
    measured(asked: string, make: (keys: Float64Array) => void): Float64Array {
      const said = `${table.version} ${asked}`;
      if (state.measured.said === said) return state.measured.keys;
      const wide = state.measured.keys.length >= table.size;
      const keys = wide ? state.measured.keys : new Float64Array(table.capacity);
      make(keys);
      state.measured = { said, keys };
      return keys;
    },
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

function bytesOf({ table, totals, keys, measured }: State): number {
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
    measured.keys,
  ];
  return columns.reduce((sum, { byteLength }) => sum + byteLength, wordsSize(table.words));
}
