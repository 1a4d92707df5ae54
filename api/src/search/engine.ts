/** The index itself, synchronous and in memory: rows go in, answers come out. */
import { comparingCurrency, type Query } from '@berth/shared/market/tree';
import type { Currency } from '@berth/shared/money';
import { complete } from './complete.ts';
import { facetsOf } from './facets.ts';
import type { Scope } from './filter.ts';
import { makeBits, makePool, type Bits, type Pool } from './bits.ts';
import type { Found } from './found.ts';
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
import { runSearch, type Kept, type CachedResult } from './search.ts';
import { dropRow, putRow, tidyTable } from './put.ts';
import { makeTable, type Table } from './table.ts';
import { forgetTotal, makeTotals, turnTotals, type Totals } from './totals.ts';
import { sortWords, wordsSize } from './words.ts';

/** Rental lengths whose totals are cached, and those whose result of an empty query is. */
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
  pool: Pool;
  /** The latest asked for last. */
  totals: Totals[];
  /** Of the search under way: a number and a ratio for each row, and what it finds. */
  column: Float64Array;
  ratios: Float64Array;
  rows: Bits;
  /** What the query finds that finds everything, by hours, until a row changes. */
  everything: Map<number, CachedResult & { version: number }>;
  facets: { version: number; hours: number; at_ms: number; answer: Facet[] } | null;
}

/** How long the facets of an empty query are cached while no row changes. */
const MAX_FACETS_AGE_MS = 10_000;

export function makeEngine(): Engine {
  const table = makeTable();
  const state: State = { ...roomFor(table), table, everything: new Map(), facets: null };
  const scopeOf = (query: Query, hours: number, now_ms: number): Scope => ({
    table,
    totals: totalsOf(state, hours),
    currency: comparingCurrency(query),
    now_ms,
    pool: state.pool,
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
      return runSearch(scope, ask, keptOf(state));
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

/** Everything that is as long as the table's columns. */
const roomFor = ({ capacity }: Table) => ({
  pool: makePool(capacity),
  totals: [],
  column: new Float64Array(capacity),
  ratios: new Float64Array(capacity),
  rows: makeBits(capacity),
});

/** Cached totals are updated with each row; when the table has moved its rows they are dropped. */
function follow(state: State): void {
  const { table } = state;
  if (tidyTable(table)) state.totals = [];
  if (state.ratios.length !== table.capacity) Object.assign(state, roomFor(table));
  for (const totals of state.totals) for (const row of table.touched) forgetTotal(totals, row);
  table.touched = [];
}

function totalsOf(state: State, hours: number): Totals {
  const { totals: all, table } = state;
  let totals = all.find((one) => one.hours === hours);
  totals ??= all.length < MAX_TOTALS ? makeTotals(table.capacity, hours) : all[0]!;
  if (totals.hours !== hours) turnTotals(totals, hours);
  state.totals = [...all.filter((one) => one !== totals), totals];
  return totals;
}

function facetsFor(
  state: State,
  { query, plain, hours }: FacetsAsk,
  now_ms: number,
  scopeOf: (query: Query, hours: number, now_ms: number) => Scope,
): Facet[] {
  if (!findsAll(query)) return facetsOf(scopeOf(query, hours, now_ms), { query, plain });
  const { version } = state.table;
  const known = state.facets;
  const stands = known?.version === version && known.hours === hours;
  if (stands && Math.abs(now_ms - known.at_ms) < MAX_FACETS_AGE_MS) return known.answer;
  const answer = facetsOf(scopeOf(query, hours, now_ms), { query, plain });
  state.facets = { version, hours, at_ms: now_ms, answer };
  return answer;
}

function keptOf(state: State): Kept {
  const { column, ratios, rows } = state;
  return {
    column,
    cached({ query, hours }, find) {
      if (findsAll(query)) return everythingFor(state, hours, find);
      return { found: find(rows), bounds_by_currency: new Map(), ratios, measured: new Map() };
    },
  };
}

/** The cached result for these hours; when the cache is full it takes the oldest one's place. */
function everythingFor(
  { table, everything }: State,
  hours: number,
  find: (rows: Bits) => Found,
): CachedResult {
  const known = everything.get(hours);
  if (known?.version === table.version) return known;
  const isRoom = known !== undefined || everything.size < MAX_EVERYTHING;
  const [left = hours] = isRoom ? [hours] : everything.keys();
  const place = everything.get(left);
  everything.delete(left);
  const fits = place?.ratios.length === table.capacity;
  const cached = {
    version: table.version,
    found: find(fits ? place.found.rows : makeBits(table.capacity)),
    bounds_by_currency: new Map(),
    ratios: fits ? place.ratios : new Float64Array(table.capacity),
    measured: new Map(),
  };
  everything.set(hours, cached);
  return cached;
}

function bytesOf({ table, totals, column, ratios, rows, everything }: State): number {
  const columns = [
    table.alive,
    table.ids.high,
    table.ids.low,
    table.index.places,
    ...Object.values(table.numbers),
    ...Object.values(table.codes),
    ...Object.values(table.holders).flat(),
    ...totals.flatMap(({ total, known }) => [total, known]),
    ...[...everything.values()].flatMap((cached) => [cached.ratios, cached.found.rows]),
    ...[column, ratios, rows],
  ];
  return columns.reduce((sum, { byteLength }) => sum + byteLength, wordsSize(table.words));
}
