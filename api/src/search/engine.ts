/** The index itself: rows in, answers out, all at once and in memory. */
import { comparingCurrency, type Query } from '@berth/shared/market/tree';
import type { Currency } from '@berth/shared/money';
import { complete } from './complete.ts';
import { facetsOf } from './facets.ts';
import type { Scope } from './filter.ts';
import { roomFor, type Found } from './found.ts';
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
import { runSearch, type Kept, type Shelf } from './search.ts';
import { dropRow, makeTable, putRow, tidyTable, type Table } from './table.ts';
import { makeTotals, type Totals } from './totals.ts';
import { sortWords, wordsSize } from './words.ts';

/** How many numbers of hours keep their totals, and how many what an empty query finds. */
const MAX_TOTALS = 4;
const MAX_EVERYTHING = 2;

const findsAll = (query: Query): boolean => query.type === 'all' && query.of.length === 0;

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
  ratios: Float64Array;
  room: Uint32Array;
  /** What the query finds that finds everything, by hours, until a row changes. */
  everything: Map<number, Shelf & { version: number }>;
  facets: { version: number; hours: number; at_ms: number; answer: Facet[] } | null;
}

/** So long the facets of everything are those of a while ago, where no row has changed. */
const MAX_FACETS_AGE_MS = 10_000;

export function makeEngine(): Engine {
  const table = makeTable();
  const state: State = {
    table,
    totals: [],
    keys: new Float64Array(0),
    ratios: new Float64Array(0),
    room: new Uint32Array(0),
    everything: new Map(),
    facets: null,
  };
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
    search(ask, now_ms) {
      const scope = scopeOf(ask.query, ask.hours, now_ms);
      return runSearch(scope, ask, keptOf(state, scope));
    },
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
    for (const slot of table.touched) totals.set(slot, slot + 1);
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
  if (!findsAll(query)) return facetsOf(scopeOf(query, hours, now_ms), query);
  const { version } = state.table;
  const known = state.facets;
  const stands = known?.version === version && known.hours === hours;
  if (stands && Math.abs(now_ms - known.at_ms) < MAX_FACETS_AGE_MS) return known.answer;
  const answer = facetsOf(scopeOf(query, hours, now_ms), query);
  state.facets = { version, hours, at_ms: now_ms, answer };
  return answer;
}

function keptOf(state: State, scope: Scope): Kept {
  const { table } = state;
  if (state.keys.length < table.size) state.keys = new Float64Array(table.capacity);
  return {
    keys: state.keys,
    shelf({ query, hours }, find) {
      if (findsAll(query)) return everythingFor(state, hours, roomFor(scope), find);
      if (state.ratios.length < table.size) state.ratios = new Float64Array(table.capacity);
      const room = roomFor(scope);
      if (state.room.length < room) state.room = new Uint32Array(room);
      return {
        found: find(state.room),
        yardsticks: new Map(),
        ratios: state.ratios,
        measured: new Map(),
      };
    },
  };
}

function everythingFor(
  { table, everything }: State,
  hours: number,
  room: number,
  find: (room: Uint32Array) => Found,
): Shelf {
  const known = everything.get(hours);
  if (known?.version === table.version) return known;
  if (everything.size >= MAX_EVERYTHING) everything.clear();
  const shelf = {
    version: table.version,
    found: find(new Uint32Array(room)),
    yardsticks: new Map(),
    ratios: new Float64Array(table.capacity),
    measured: new Map(),
  };
  everything.set(hours, shelf);
  return shelf;
}

function bytesOf({ table, totals, keys, ratios, room, everything }: State): number {
  const columns = [
    table.alive,
    table.ids.high,
    table.ids.low,
    table.index.places,
    ...Object.values(table.numbers),
    ...Object.values(table.codes),
    ...Object.values(table.tags).flatMap((tags) => [tags.starts, tags.counts, tags.values]),
    ...totals.flatMap(({ total, fits }) => [total, fits]),
    ...[...everything.values()].flatMap((shelf) => [shelf.ratios, ...shelf.found.rows]),
    ...[keys, ratios, room],
  ];
  return columns.reduce((sum, { byteLength }) => sum + byteLength, wordsSize(table.words));
}
