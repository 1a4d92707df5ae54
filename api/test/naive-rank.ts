/** The ranking as its definition has it; the index is held to it. */
import { expect } from 'vitest';
import { makeRankBounds, rank, standingOf, valuesOf, weightList } from '@berth/shared/market/rank';
import { findHardware } from '@berth/shared/market/hardware';
import type { Rates } from '@berth/shared/rates/convert';
import type { FoundOffering, SearchAsk } from '../src/search/index-port.ts';
import type { SearchRow } from '../src/search/row.ts';
import { naiveTotal, naiveWorth, ratioIn, scopeOf, type NaiveScope } from './naive-search.ts';
import { NOW_MS } from './search-arbitraries.ts';

const ids = (all: readonly { id: string }[]): string[] => all.map(({ id }) => id);

function alternativeOf(row: SearchRow, scope: NaiveScope) {
  const { hours } = scope;
  const total_e9s = naiveTotal(row, hours);
  const gpu_tflops = findHardware(
    row.gpu_memory_gib === null
      ? (row.gpu_model ?? '')
      : `${row.gpu_model ?? ''} ${row.gpu_memory_gib}GB`,
  )?.fp16_tflops;
  const has_gpu = row.gpu_model !== null;
  const facts = { ...row, ...row.provider, total_e9s, hours, has_gpu };
  const [own = 1, speed = null, ...rest] = valuesOf({
    ...facts,
    gpu_tflops: (has_gpu ? gpu_tflops : null) ?? null,
  });
  // What costs less than the least amount once it is converted counts as that.
  const worth = Math.max(naiveWorth(row, scope), 1);
  const values = [worth, speed && (speed * (own ?? 1)) / worth, ...rest];
  return {
    id: row.id,
    total_e9s,
    values,
    in_stock: row.stock > 0,
  };
}

/** Floats that were added in another order differ in their last digits. */
const NEAR = 1e-9;

/** Of what stands at a place, the place that it shares with others, and with how many. */
function tieAt(
  own: readonly FoundOffering[],
  alternatives: ReadonlyMap<string, ReturnType<typeof alternativeOf>>,
  at: number,
) {
  const like = (id: string) => {
    const { in_stock, values } = alternatives.get(id)!;
    return JSON.stringify([in_stock, values]);
  };
  const said = own[at]!.ranking!;
  const same = own.filter(({ ranking }) => ranking?.place === said.place);
  const alike = own.filter(({ id }) => like(id) === like(own[at]!.id));
  // What is equal in everything shares a place; what shares one follows upon another.
  expect(alike.every(({ ranking }) => ranking?.place === said.place)).toBe(true);
  return { place: own.indexOf(same[0]!) + 1, tied: same.length - 1 };
}

/** The reference ranks the same rows the same, each currency by itself, the comparing one first. */
export function expectRanked(
  found: SearchRow[],
  items: FoundOffering[],
  ask: SearchAsk,
  rates: Rates | null,
): void {
  const scope = scopeOf(ask, NOW_MS, rates);
  const { currency } = scope;
  const groups = Map.groupBy(found, (row) =>
    ratioIn(row.currency, scope) === null ? row.currency : currency,
  );
  const others = [...groups.keys()].filter((name) => name !== currency).sort();
  let from = 0;
  for (const name of [currency, ...others]) {
    const rows = groups.get(name) ?? [];
    const set = rows.map((row) => alternativeOf(row, scope));
    const own = items.slice(from, from + rows.length);
    from += rows.length;
    const weights = weightList(ask.weights);
    const bounds = makeRankBounds(set.map(({ values }) => values));
    const alternatives = new Map(set.map((one) => [one.id, one]));
    expect(ids(own).sort()).toEqual(ids(set).sort());
    rank(set, ask.weights).forEach((reference, at) => {
      const item = own[at]!;
      const alone = set.find(({ id }) => id === item.id)!;
      const standing = standingOf(alone.values, bounds, weights);
      expect(Math.abs(standing.closeness - reference.closeness)).toBeLessThan(NEAR);
      expect(Math.abs((item.ranking?.closeness ?? NaN) - reference.closeness)).toBeLessThan(NEAR);
      expect(item.ranking).toMatchObject(tieAt(own, alternatives, at));
      expect(item.ranking?.among).toBe(rows.length);
      const said = item.ranking?.criteria.map(({ share }) => share) ?? [];
      said.forEach((share, index) => {
        expect(Math.abs(share - standing.shares[index]!)).toBeLessThan(NEAR);
      });
    });
  }
}
