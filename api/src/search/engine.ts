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
import type { Comparing, KnownRates } from './worth.ts';
import { sortWords, wordsSize } from './words.ts';

/** Rental lengths whose totals are cached, and those whose result of an empty query is. */
const MAX_TOTALS = 4;
const MAX_EVERYTHING = 2;

const findsAll = (query: Query): boolean => query.type === 'all' && query.of.length === 0;

export interface Engine {
  put(row: SearchRow): void;
  remove(id: string): void;
  /** From now on amounts are compared by these. */
  setRates(rates: KnownRates | null): void;
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
  rates: KnownRates | null;
  /** What the query finds that finds everything, by hours and currency, until a row changes. */
  everything: Map<string, CachedResult & { version: number }>;
  facets: { version: number; said: string; at_ms: number; answer: Facet[] } | null;
}

/** How long the facets of an empty query are cached while no row changes. */
const MAX_FACETS_AGE_MS = 10_000;

/** What says how amounts are compared. */
type Asked = Pick<FacetsAsk, 'query' | 'hours' | 'currency'>;
/** Where no rate counts, as prices of one currency alone are asked for. */
const NO_TIME = Infinity;

export function makeEngine(): Engine {
  const table = makeTable();
  const none = { everything: new Map(), rates: null, facets: null };
  const state: State = { ...roomFor(table), ...none, table };
  const scopeOf = ({ query, hours, currency }: Asked, now_ms: number): Scope => {
    const { rates } = state;
    const stands = rates !== null && now_ms < (rates.expires_ms ?? Infinity);
    const comparing = {
      currency: comparingCurrency(query, currency ?? undefined),
      rates: stands ? rates : null,
    };
    const totals = totalsOf(state, hours, comparing);
    return { table, totals, comparing, now_ms, pool: state.pool };
  };
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
    setRates(rates) {
      if (rates?.date === state.rates?.date && rates?.source === state.rates?.source) return;
      state.rates = rates;
      state.everything.clear();
      state.facets = null;
    },
    settle: () => sortWords(table.words),
    search(ask, now_ms) {
      const scope = scopeOf(ask, now_ms);
      return runSearch(scope, ask, keptOf(state, scope));
    },
    facets: (ask, now_ms) => facetsFor(state, ask, now_ms, scopeOf),
    complete: (ask) => complete(table, ask),
    position: ({ offering_id, hours, similar }, now_ms) =>
      positionOf(scopeOf({ query: nothing, hours, currency: null }, now_ms), offering_id, similar),
    featured: ({ hours, currency, limit }) =>
      featuredGpus(scopeOf({ query: nothing, hours, currency }, NO_TIME), currency, limit),
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

function totalsOf(state: State, hours: number, comparing: Comparing): Totals {
  const { totals: all, table } = state;
  const isOne = (one: Totals) =>
    one.hours === hours &&
    one.comparing.currency === comparing.currency &&
    one.comparing.rates === comparing.rates;
  let totals = all.find(isOne);
  totals ??= all.length < MAX_TOTALS ? makeTotals(table.capacity, hours, comparing) : all[0]!;
  if (!isOne(totals)) turnTotals(totals, hours, comparing);
  state.totals = [...all.filter((one) => one !== totals), totals];
  return totals;
}

function facetsFor(
  state: State,
  ask: FacetsAsk,
  now_ms: number,
  scopeOf: (ask: Asked, now_ms: number) => Scope,
): Facet[] {
  if (!findsAll(ask.query)) return facetsOf(scopeOf(ask, now_ms), ask);
  const said = `${ask.hours} ${ask.currency}`;
  const { version } = state.table;
  const known = state.facets;
  const stands = known?.version === version && known.said === said;
  if (stands && Math.abs(now_ms - known.at_ms) < MAX_FACETS_AGE_MS) return known.answer;
  const answer = facetsOf(scopeOf(ask, now_ms), ask);
  state.facets = { version, said, at_ms: now_ms, answer };
  return answer;
}

function keptOf(state: State, { comparing }: Scope): Kept {
  const { column, ratios, rows } = state;
  return {
    column,
    cached({ query, hours }, find) {
      if (findsAll(query)) return everythingFor(state, `${hours} ${comparing.currency}`, find);
      return { found: find(rows), bounds_by_currency: new Map(), ratios, measured: new Map() };
    },
  };
}

/** The cached result for these hours and this currency; when there is no room the oldest goes. */
function everythingFor(
  { table, everything }: State,
  said: string,
  find: (rows: Bits) => Found,
): CachedResult {
  const known = everything.get(said);
  if (known?.version === table.version) return known;
  const isRoom = known !== undefined || everything.size < MAX_EVERYTHING;
  const [left = said] = isRoom ? [said] : everything.keys();
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
  everything.set(said, cached);
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
    ...totals.flatMap(({ total, worth, known }) => [known, ...new Set([total, worth])]),
    ...[...everything.values()].flatMap((cached) => [cached.ratios, cached.found.rows]),
    ...[column, ratios, rows],
  ];
  return columns.reduce((sum, { byteLength }) => sum + byteLength, wordsSize(table.words));
}
