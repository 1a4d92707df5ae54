import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeId } from '@berth/shared/ids';
import { conjunctsOf } from '@berth/shared/market/tree';
import { decimalOf } from '@berth/shared/money';
import type { Rates } from '@berth/shared/rates/convert';
import type { Facet, FoundOffering, SearchAnswer, SearchAsk } from './index-port.ts';
import { makeEngine, type Engine } from './engine.ts';
import type { SearchRow } from './row.ts';
import {
  choicesOf,
  finds,
  fitsHours,
  naiveSearch,
  naiveTotal,
  queryFor,
  ratioIn,
  scopeOf,
} from '../../test/naive-search.ts';
import { expectRanked } from '../../test/naive-rank.ts';
import { anyAsk, anyMarket, anyRates, anyRow, NOW_MS } from '../../test/search-arbitraries.ts';

/** Rows as the database's copy of them comes: no two searches share an object. */
function engineOf(rows: readonly SearchRow[], rates: Rates | null = null): Engine {
  const engine = makeEngine();
  const sheet = { date: '2026-01-15', source: 'test', expires_ms: NOW_MS + 1 };
  engine.setRates(rates && { ...sheet, per_euro_e9s: rates });
  for (const row of rows) engine.put(structuredClone(row));
  engine.settle();
  return engine;
}

/** All pages joined, and the first. */
function allPages(engine: Engine, ask: SearchAsk): [FoundOffering[], SearchAnswer] {
  const first = engine.search(ask, NOW_MS);
  const items = [...first.items];
  for (let { next_cursor: cursor } = first; cursor !== null;) {
    const page = engine.search({ ...ask, cursor }, NOW_MS);
    expect(page.items.length).toBeGreaterThan(0);
    expect(items.length).toBeLessThan(first.total);
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return [items, first];
}

const ids = (all: readonly { id: string }[]): string[] => all.map(({ id }) => id);

const MARKETS = 125;
const ASKS = 40;

describe('a search', () => {
  test('joined page by page is what a look at every row finds and sorts, 5,000 times', () => {
    const asks = fc.array(anyAsk, { minLength: ASKS, maxLength: ASKS });
    fc.assert(
      fc.property(anyMarket, asks, anyRates, (rows, all, rates) => {
        const engine = engineOf(rows, rates);
        for (const ask of all) {
          const [items, first] = allPages(engine, ask);
          const found = naiveSearch(rows, ask, NOW_MS, rates);
          if (ask.sort === 'best') expectRanked(found, items, ask, rates);
          else expect(ids(items)).toEqual(ids(found));
          const byId = new Map(found.map((row) => [row.id, row]));
          for (const { id, total_e9s } of items) {
            expect(total_e9s).toBe(naiveTotal(byId.get(id)!, ask.hours));
          }
          const scope = scopeOf(ask, NOW_MS, rates);
          const by = queryFor(rows, ask, NOW_MS, rates);
          expect(first.as_words).toBe(by !== ask.query);
          expect(first.total).toBe(found.length);
          expect(first.excluded_by_hours).toBe(
            rows.filter((row) => !fitsHours(row, scope) && finds(row, by, scope)).length,
          );
          const others = Map.groupBy(found, (row) => row.currency);
          const isCompared = [...others.keys()].some(
            (name) => name !== scope.currency && ratioIn(name, scope) !== null,
          );
          expect(first.rates?.date).toBe(isCompared ? '2026-01-15' : undefined);
          for (const name of others.keys()) if (ratioIn(name, scope)) others.delete(name);
          expect(
            Object.fromEntries(first.other_currencies.map((one) => [one.currency, one.count])),
          ).toEqual(Object.fromEntries([...others].map(([name, some]) => [name, some.length])));
        }
      }),
      { numRuns: MARKETS },
    );
  });

  test('neither shows twice nor loses what stays while others come, go and change', () => {
    const changes = fc.array(fc.tuple(fc.nat(), anyRow), { maxLength: 30, size: 'max' });
    fc.assert(
      fc.property(anyMarket, anyAsk, changes, (rows, ask, all) => {
        const engine = engineOf(rows);
        const touched = new Set<string>();
        const left = [...all];
        const seen: string[] = [];
        for (let cursor: string | null = null; ;) {
          const page = engine.search({ ...ask, limit: 5, cursor }, NOW_MS);
          seen.push(...ids(page.items));
          cursor = page.next_cursor;
          if (cursor === null) break;
          for (const [at, { provider_at: _, ...row }] of left.splice(0, 4)) {
            const old = rows[at % rows.length]!;
            const other = { ...row, provider: old.provider };
            if (at % 3 === 0) engine.remove(old.id);
            else engine.put(at % 3 === 1 ? other : { ...other, id: old.id });
            touched.add(old.id).add(other.id);
          }
        }
        const stays = ids(naiveSearch(rows, ask, NOW_MS)).filter((id) => !touched.has(id));
        const shown = seen.filter((id) => !touched.has(id));
        expect(shown.sort()).toEqual(stays.sort());
      }),
      { numRuns: 300 },
    );
  });

  test('refuses a cursor of another search, and text that is none', () => {
    fc.assert(
      fc.property(anyMarket, anyAsk, fc.string(), (rows, ask, text) => {
        const engine = engineOf(rows);
        const { next_cursor } = engine.search({ ...ask, limit: 1 }, NOW_MS);
        const other = { ...ask, hours: ask.hours === 24 ? 25 : 24 };
        const refused = { problem: { code: 'cursor.invalid' } };
        const thrown = (work: () => unknown) => {
          try {
            work();
          } catch (error) {
            return error;
          }
          return null;
        };
        expect(thrown(() => engine.search({ ...ask, cursor: text }, NOW_MS))).toMatchObject(
          refused,
        );
        if (next_cursor === null) return;
        expect(
          thrown(() => engine.search({ ...other, cursor: next_cursor }, NOW_MS)),
        ).toMatchObject(refused);
      }),
      { numRuns: 50 },
    );
  });
});

/** Price, total and month are one number. */
const groupOf = (field: string) => (field === 'total' || field === 'monthly' ? 'price' : field);

/** The fields of a part, several for words and for nothing at all. */
function fieldsOf(node: SearchAsk['query']): string[] {
  if (node.type === 'is') return [groupOf(node.field)];
  if (node.type === 'text') return ['words', 'more words'];
  if (node.type === 'not') return fieldsOf(node.of);
  return node.of.length === 0 ? ['none', 'at all'] : node.of.flatMap(fieldsOf);
}

/** The rows that count for a field. */
function countedFor(rows: readonly SearchRow[], field: string, ask: SearchAsk): SearchRow[] {
  const scope = scopeOf(ask, NOW_MS);
  const others = conjunctsOf(queryFor(rows, ask, NOW_MS)).filter((part) =>
    fieldsOf(part).some((own) => own !== groupOf(field)),
  );
  return rows.filter(
    (row) => fitsHours(row, scope) && others.every((part) => finds(row, part, scope)),
  );
}

const numbersOf: Record<string, (row: SearchRow) => number | null> = {
  gpu_count: (row) => row.gpu_count,
  gpu_memory: (row) => row.gpu_memory_gib,
  vcpus: (row) => row.vcpus,
  memory: (row) => row.memory_gib,
  disk: (row) => row.disk_gib,
  uplink: (row) => row.uplink_mbps,
  traffic: (row) => row.traffic_tib,
  min_hours: (row) => row.min_hours,
  max_hours: (row) => row.max_hours,
  stock: (row) => row.stock,
  reputation: ({ provider }) => provider.renters,
  response_time: ({ provider }) => provider.median_response_s,
  reliability: ({ provider }) =>
    provider.ended === 0 ? null : (provider.kept * 100) / provider.ended,
  listed: (row) => (NOW_MS - row.listed_ms) / 1000,
};
const choices = [
  ...[
    'kind',
    'gpu_vendor',
    'gpu_interconnect',
    'cpu',
    'disk_kind',
    'unmetered',
    'country',
    'region',
    'city',
  ],
  ...['virtualization', 'os', 'feature', 'currency', 'provider', 'auto_accept', 'on_chain'],
  'commitment',
];

const facetIn = (facets: Facet[], name: string) => facets.find(({ field }) => field === name)!;

describe('facets', () => {
  const asks = fc.array(anyAsk, { minLength: 4, maxLength: 8 });
  const check = (one: (rows: SearchRow[], facets: Facet[], ask: SearchAsk) => void) => {
    fc.assert(
      fc.property(anyMarket, asks, (rows, all) => {
        const engine = engineOf(rows);
        for (const ask of all) one(rows, engine.facets(ask, NOW_MS), ask);
      }),
      { numRuns: 60 },
    );
  };

  test('count the choices of what all of a query but their own field finds', () => {
    check((rows, facets, ask) => {
      const scope = scopeOf(ask, NOW_MS);
      for (const name of choices) {
        const naive = new Map<string, number>();
        for (const row of countedFor(rows, name, ask)) {
          for (const value of choicesOf(row, name, scope)) {
            const folded = value.toLowerCase();
            naive.set(folded, (naive.get(folded) ?? 0) + 1);
          }
        }
        const { values } = facetIn(facets, name);
        const said = values.map(({ value, count }) => [value.toLowerCase(), count] as const);
        expect([name, new Map(said)]).toEqual([name, naive]);
      }
    });
  });

  test('count numbers by steps from below, and say where they begin and end', () => {
    check((rows, facets, ask) => {
      for (const [name, numberOf] of Object.entries(numbersOf)) {
        const all = countedFor(rows, name, ask).map(numberOf);
        const known = all.filter((value) => value !== null);
        const { values, range } = facetIn(facets, name);
        const ends = { least: `${Math.min(...known)}`, most: `${Math.max(...known)}` };
        expect([name, range]).toEqual([name, known.length === 0 ? null : ends]);
        const steps = values.map(({ value }) => Number(value));
        const naive = steps.map((step, at) => {
          const own = known.filter((one) => one >= step && one < (steps[at + 1] ?? Infinity));
          return own.length;
        });
        expect([name, values.map(({ count }) => count)]).toEqual([name, naive]);
        expect(naive.reduce((a, b) => a + b, 0)).toBe(known.length);
      }
    });
  });

  test('say the least and the most that is charged, of the comparing currency', () => {
    check((rows, facets, ask) => {
      const { currency } = scopeOf(ask, NOW_MS);
      const totals = countedFor(rows, 'total', ask)
        .filter((row) => row.currency === currency)
        .map((row) => naiveTotal(row, ask.hours))
        .sort((a, b) => (a < b ? -1 : 1));
      const [least, most] = [totals[0], totals.at(-1)];
      expect(facetIn(facets, 'total').range).toEqual(
        least === undefined || most === undefined
          ? null
          : { least: decimalOf(least), most: decimalOf(most) },
      );
    });
  });

  test('count a price at a step in it, and one just below it in the step before', () => {
    const steps_e9s = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 50, 100].map((s) => s * 1e9);
    const [some] = fc.sample(anyMarket, { numRuns: 50, seed: 1 }).flat() as [SearchRow];
    const rows = steps_e9s.flatMap((step) =>
      [step - 1, step].map((price) => ({
        ...some,
        ...{ id: makeId('offering'), price_e9s: BigInt(price), setup_fee_e9s: 0n },
        ...{ unit: 'hour' as const, currency: 'USD' as const, min_hours: 1, max_hours: 100 },
      })),
    );
    const ask = { query: { type: 'all' as const, of: [] }, plain: null, hours: 7, currency: null };
    const { values } = facetIn(engineOf(rows).facets(ask, NOW_MS), 'price');
    expect(values.map(({ count }) => count)).toEqual([1, ...Array<number>(12).fill(2), 1]);
  });
});

test('changes one by one leave the same index as a fresh build of what is left', () => {
  const changes = fc.array(fc.tuple(fc.boolean(), anyRow), {
    minLength: 1,
    maxLength: 150,
    size: 'max',
  });
  fc.assert(
    fc.property(anyMarket, changes, fc.array(anyAsk, { maxLength: 5 }), (market, all, asks) => {
      const engine = engineOf(market);
      const rows = new Map(market.map((row) => [row.id, row]));
      const [known] = market;
      if (!known) return;
      for (const ask of asks) engine.search(ask, NOW_MS);
      for (const [gone, { provider_at: _, ...row }] of all) {
        const next = { ...row, provider: known.provider };
        if (gone) engine.remove(row.id);
        else engine.put(structuredClone(next));
        if (gone) rows.delete(row.id);
        else rows.set(row.id, next);
      }
      const left = [...rows.values()];
      const fresh = engineOf(left);
      expect(engine.size()).toBe(left.length);
      for (const ask of asks) {
        const naive = ids(naiveSearch(left, ask, NOW_MS));
        const [found] = allPages(engine, ask);
        expect(ids(found).sort()).toEqual(naive.sort());
        expect(engine.facets(ask, NOW_MS).map(plain)).toEqual(fresh.facets(ask, NOW_MS).map(plain));
      }
    }),
    { numRuns: 100 },
  );
});

test('thousands of changes are tidied away and change no answer', () => {
  const rounds = 60;
  fc.assert(
    fc.property(anyMarket, fc.array(anyAsk, { minLength: 3, maxLength: 8 }), (market, asks) => {
      const engine = engineOf(market);
      for (let round = 1; round <= rounds; round++) {
        for (const row of market) engine.put({ ...row, title: `round ${round} ${row.title}` });
        if (round % 7 === 0) for (const ask of asks) engine.search(ask, NOW_MS);
      }
      const dropped = market.filter((_, at) => at % 5 === 0);
      for (const { id } of dropped) engine.remove(id);
      const left = market
        .filter((row) => !dropped.includes(row))
        .map((row) => ({ ...row, title: `round ${rounds} ${row.title}` }));
      for (const ask of asks) {
        expect(ids(allPages(engine, ask)[0]).sort()).toEqual(
          ids(naiveSearch(left, ask, NOW_MS)).sort(),
        );
      }
      const words = engine.complete({ field: null, prefix: 'round', limit: 5 });
      expect(words).toEqual(left.length === 0 ? [] : [{ value: 'round', count: left.length }]);
    }),
    { numRuns: 15 },
  );
});

test('what is most like an offering stands first, and what is just as like it by its id', () => {
  fc.assert(
    fc.property(anyMarket, fc.nat(), fc.integer({ min: 1, max: 8 }), (rows, pick, many) => {
      fc.pre(rows.length > 0);
      const alike = rows.map(({ id }) => ({ ...rows[0]!, id }));
      const offering_id = alike[pick % alike.length]!.id;
      const similarIn = (market: SearchRow[], similar: number) => {
        const hours = rows[0]!.min_hours;
        return engineOf(market).position({ offering_id, hours, similar }, NOW_MS)?.similar;
      };
      expect(similarIn(rows, many)).toEqual(similarIn(rows, rows.length)?.slice(0, many));
      const others = ids(alike).filter((id) => id !== offering_id);
      expect(similarIn(alike, many)).toEqual(others.sort().slice(0, many));
    }),
    { numRuns: 100 },
  );
});

/** Values by their folded name: which spelling came first depends on the way. */
const plain = ({ field, values, range }: ReturnType<Engine['facets']>[number]) => ({
  field,
  range,
  values:
    field === 'gpu'
      ? []
      : values.map(({ value, count }) => `${value.toLowerCase()} ${count}`).sort(),
});
