/** The fast form of `rank.ts`: the same sums over columns; what providers add is made once each. */
import {
  makeRankBounds,
  reliabilityOf,
  reputationOf,
  RESPONSE_PRIOR_S,
  scalesOf,
  throughputOf,
  type Values,
  type RankBounds,
} from '@berth/shared/market/rank';
import type { Currency } from '@berth/shared/money';
import { rowIn, type Bits } from './bits.ts';
import type { Scope } from './filter.ts';
import type { ProviderFacts } from './row.ts';

/** By the currency that rows are compared in. */
export type BoundsByCurrency = Map<Currency, RankBounds>;

/** Their places among the criteria; those after the memory are of the provider. */
const MEMORY = 2;
const RESPONSE = 4;
/** Stands for an infinite ratio, so that a cursor can carry it. */
const FARTHEST = 1e299;
/** From here on are the ratios of what is out of stock, each in its order below twice as much. */
const OUT_OF_STOCK = 1e300;

const providerValues = (facts: ProviderFacts): number[] => [
  reputationOf(facts.renters),
  facts.median_response_s ?? RESPONSE_PRIOR_S,
  reliabilityOf(facts),
];

/** A row's values of the criteria, as `valuesOf` has them. */
export function rowValues({ table, totals }: Scope, slot: number): Values {
  const { codes, dictionaries } = table;
  const total = Math.max(totals.worth[slot]!, 1);
  const { tflops, memory_gib } = dictionaries.power.items[codes.power[slot]!]!;
  return [
    total,
    tflops === null ? null : throughputOf(tflops, total, totals.hours),
    memory_gib,
    ...providerValues(dictionaries.provider.items[codes.provider[slot]!]!),
  ];
}

/** By the code of a power: throughput times price, which is 0 where the throughput is not known. */
const worksOf = ({ table, totals }: Scope): Float64Array =>
  Float64Array.from(table.dictionaries.power.items, (power) =>
    throughputOf(power?.tflops ?? 0, 1, totals.hours),
  );

/** By the code of a power what stands in for a throughput that is not known, 0 where it is. */
const standInsOf = ({ table }: Scope, throughput: number): Float64Array =>
  Float64Array.from(table.dictionaries.power.items, (power) =>
    power?.tflops === null ? throughput : 0,
  );

/** Of a criterion among some rows: its squares, its ends, and how many rows do not say it. */
interface Sum {
  squares: number;
  least: number;
  most: number;
  unknown: number;
}

const noSum = (): Sum => ({ squares: 0, least: Infinity, most: -Infinity, unknown: 0 });

function addTo(sum: Sum, value: number | null, count: number): void {
  if (value === null) {
    sum.unknown += count;
    return;
  }
  sum.squares += count * value * value;
  sum.least = Math.min(sum.least, value);
  sum.most = Math.max(sum.most, value);
}

/** The bounds that rows which compare are ranked by. */
export function rankBoundsOf(scope: Scope, bits: Bits): RankBounds {
  const { power, provider } = scope.table.dictionaries;
  const { price, throughput, powers, providers } = sumRows(scope, bits);
  const memory = noSum();
  const rest = [noSum(), noSum(), noSum()];
  power.items.forEach((item, code) => {
    const count = powers[code]!;
    if (item === null || count === 0) return;
    addTo(memory, item.memory_gib, count);
    if (item.tflops === null) throughput.unknown += count;
  });
  provider.items.forEach((item, code) => {
    const count = providers[code]!;
    if (item === null || count === 0) return;
    providerValues(item).forEach((value, at) => {
      addTo(rest[at]!, value, count);
    });
  });
  const sums = [price, throughput, memory, ...rest];
  // A set of its two ends has the same ends; the norms are those of the sums.
  const known = (value: number) => (Number.isFinite(value) ? value : null);
  const bounds = makeRankBounds([
    sums.map(({ least }) => known(least)),
    sums.map(({ least, most }) => (known(least) === null ? null : known(most))),
  ]);
  const norms = sums.map(({ squares, unknown }, at) =>
    Math.sqrt(squares + unknown * (bounds.worst[at] ?? 0) ** 2),
  );
  return { ...bounds, norms };
}

/** What is summed row by row; the rest is counted by code. */
function sumRows(scope: Scope, bits: Bits) {
  const { dictionaries, codes } = scope.table;
  const { worth } = scope.totals;
  const works = worksOf(scope);
  const beyond = standInsOf(scope, Infinity);
  const powers = new Uint32Array(dictionaries.power.items.length);
  const providers = new Uint32Array(dictionaries.provider.items.length);
  let [prices, leastPrice, mostPrice] = [0, Infinity, -Infinity];
  let [speeds, leastSpeed, mostSpeed] = [0, Infinity, -Infinity];
  for (let at = 0; at < bits.length; at++) {
    for (let word = bits[at]!; word !== 0; word &= word - 1) {
      const slot = rowIn(at, word);
      const cost = Math.max(worth[slot]!, 1);
      const power = codes.power[slot]!;
      // What is not known adds 0: no branch that a processor cannot foresee.
      const speed = works[power]! / cost;
      prices += cost * cost;
      speeds += speed * speed;
      leastPrice = Math.min(leastPrice, cost);
      mostPrice = Math.max(mostPrice, cost);
      leastSpeed = Math.min(leastSpeed, speed + beyond[power]!);
      mostSpeed = Math.max(mostSpeed, speed);
      powers[power]! += 1;
      providers[codes.provider[slot]!]! += 1;
    }
  }
  return {
    price: { squares: prices, least: leastPrice, most: mostPrice, unknown: 0 },
    throughput: { squares: speeds, least: leastSpeed, most: mostSpeed, unknown: 0 },
    powers,
    providers,
  };
}

interface Measure {
  bounds: RankBounds;
  scales: readonly number[];
}

/** By code two numbers: what is added to the squared distances to the ideal and to its opposite. */
function partsOf<T>(
  items: readonly (T | null)[],
  { bounds, scales }: Measure,
  valuesOf: (item: T) => [criterion: number, value: number | null][],
): Float64Array {
  const parts = new Float64Array(items.length * 2);
  for (let code = 1; code < items.length; code++) {
    for (const [at, known] of valuesOf(items[code]!)) {
      const [best, worst, scale] = [bounds.best[at] ?? 0, bounds.worst[at] ?? 0, scales[at]!];
      const value = known ?? worst;
      const beyond = at === RESPONSE ? value < best : value > best;
      const to_best = beyond ? 0 : scale * (best - value);
      const to_worst = scale * (value - worst);
      parts[code * 2]! += to_best * to_best;
      parts[code * 2 + 1]! += to_worst * to_worst;
    }
  }
  return parts;
}

/** By the code of a stock whether it is none. */
const emptyOf = ({ table }: Scope): Uint8Array =>
  Uint8Array.from(table.dictionaries.stock.items, (stock) => Number(stock === 0));

/**
 * How far each row is from the ideal, into `ratios`, as `standingOf` has it; what is out of stock
 * is farther than all that is not.
 */
export function measureRows(
  scope: Scope,
  bits: Bits,
  ratios: Float64Array,
  bounds: RankBounds,
  weights: readonly number[],
): void {
  const { dictionaries, codes } = scope.table;
  const { worth } = scope.totals;
  const given = { bounds, scales: scalesOf(bounds, weights) };
  const memories = partsOf(dictionaries.power.items, given, ({ memory_gib }) => [
    [MEMORY, memory_gib],
  ]);
  const records = partsOf(dictionaries.provider.items, given, (facts) =>
    providerValues(facts).map((value, at) => [MEMORY + 1 + at, value]),
  );
  const works = worksOf(scope);
  const [priceScale = 0, speedScale = 0] = given.scales;
  const [bestPrice = 0, bestSpeed = 0] = bounds.best;
  const [worstPrice = 0, worstSpeed = 0] = bounds.worst;
  const worst = standInsOf(scope, worstSpeed);
  const empty = emptyOf(scope);
  for (let at = 0; at < bits.length; at++) {
    for (let word = bits[at]!; word !== 0; word &= word - 1) {
      const slot = rowIn(at, word);
      const cost = Math.max(worth[slot]!, 1);
      const power = codes.power[slot]!;
      const speed = works[power]! / cost + worst[power]!;
      const memory = power << 1;
      const record = codes.provider[slot]! << 1;
      const p = priceScale * Math.max(cost - bestPrice, 0);
      const s = speedScale * Math.max(bestSpeed - speed, 0);
      const p2 = priceScale * (cost - worstPrice);
      const s2 = speedScale * (speed - worstSpeed);
      const far = p * p + s * s + memories[memory]! + records[record]!;
      const near = p2 * p2 + s2 * s2 + memories[memory + 1]! + records[record + 1]!;
      const ratio = far === 0 ? 0 : Math.min(far / near, FARTHEST);
      const isOut = empty[codes.stock[slot]!] === 1;
      ratios[slot] = isOut ? OUT_OF_STOCK * (1 + ratio / (1 + ratio)) : ratio;
    }
  }
}
