/** The fast form of `rank.ts`: the same sums over columns; what providers add is made once each. */
import {
  makeYardstick,
  reliabilityOf,
  reputationOf,
  RESPONSE_PRIOR_S,
  scalesOf,
  throughputOf,
  type Values,
  type Yardstick,
} from '@berth/shared/market/rank';
import { nextRows, walkBits, type Bits } from './bits.ts';
import type { Scope } from './filter.ts';
import type { ProviderFacts } from './row.ts';
import { NO_MEMORY, NO_TFLOPS } from './table.ts';

/** By the currency's code. */
export type Yardsticks = Map<number, Yardstick>;

/** The criteria of a row itself, and those of its provider. */
const OWN = 3;
const RESPONSE = 4;
/** In place of a ratio without end, so that a cursor can carry it. */
const FARTHEST = Number.MAX_VALUE;

const providerValues = (facts: ProviderFacts): number[] => [
  reputationOf(facts.renters),
  facts.median_response_s ?? RESPONSE_PRIOR_S,
  reliabilityOf(facts),
];

/** A row's values of the criteria, as `valuesOf` has them. */
export function rowValues({ table, totals }: Scope, slot: number): Values {
  const { numbers, codes, dictionaries } = table;
  const total = Math.max(totals.total[slot]!, 1);
  const gaps = table.gaps[slot]!;
  return [
    total,
    gaps & NO_TFLOPS ? null : throughputOf(numbers.tflops[slot]!, total, totals.hours),
    gaps & NO_MEMORY ? null : numbers.ranked_memory[slot]!,
    ...providerValues(dictionaries.provider.items[codes.provider[slot]!]!),
  ];
}

interface Sums {
  /** Of each own criterion: its squares, its ends, and how many rows do not say it. */
  squares: number[];
  least: number[];
  most: number[];
  unknown: number[];
  providers: Uint32Array;
}

const makeSums = (providers: number): Sums => ({
  squares: [0, 0, 0],
  least: [Infinity, Infinity, Infinity],
  most: [-Infinity, -Infinity, -Infinity],
  unknown: [0, 0, 0],
  providers: new Uint32Array(providers),
});

/** What the rows of one currency are measured by. */
export function yardstickOf(scope: Scope, bits: Bits): Yardstick {
  const sums = makeSums(scope.table.dictionaries.provider.items.length);
  addRows(scope, bits, sums);
  const { items } = scope.table.dictionaries.provider;
  const least = [...sums.least, Infinity, Infinity, Infinity];
  const most = [...sums.most, -Infinity, -Infinity, -Infinity];
  const shares = [0, 0, 0];
  for (let code = 1; code < items.length; code++) {
    const count = sums.providers[code]!;
    if (count === 0) continue;
    const values = providerValues(items[code]!);
    for (let at = 0; at < values.length; at++) {
      const value = values[at]!;
      shares[at]! += count * value * value;
      if (value < least[OWN + at]!) least[OWN + at] = value;
      if (value > most[OWN + at]!) most[OWN + at] = value;
    }
  }
  // A set of its two ends has the same ends; the norms are those of the sums.
  const known = (value: number) => (Number.isFinite(value) ? value : null);
  const stick = makeYardstick([least.map(known), most.map(known)]);
  const norms = sums.squares.map((square, at) =>
    Math.sqrt(square + sums.unknown[at]! * (stick.worst[at] ?? 0) ** 2),
  );
  return { ...stick, norms: [...norms, ...shares.map(Math.sqrt)] };
}

/** By a row's gaps: what stands in for its throughput, and for its memory. */
const fillings = (speed: number, memory: number) => ({
  speeds: Float64Array.of(0, speed, 0, speed),
  memories: Float64Array.of(0, 0, memory, memory),
});

/** Without branches on gaps, which processors cannot foresee: what is not known adds 0. */
function addRows({ table, totals }: Scope, bits: Bits, sums: Sums): void {
  const { tflops, ranked_memory } = table.numbers;
  const { provider } = table.codes;
  const { gaps } = table;
  const { total, hours } = totals;
  const { providers } = sums;
  const beyond = fillings(Infinity, Infinity);
  let [size, noSpeed, noMemory] = [0, 0, 0];
  let [prices, leastPrice, mostPrice] = [0, Infinity, -Infinity];
  let [speeds, leastSpeed, mostSpeed] = [0, Infinity, -Infinity];
  let [memories, leastMemory, mostMemory] = [0, Infinity, -Infinity];
  const walk = walkBits(bits);
  for (let count = nextRows(walk); count > 0; count = nextRows(walk)) {
    const { rows } = walk;
    size += count;
    for (let at = 0; at < count; at++) {
      const slot = rows[at]!;
      const price = total[slot]! < 1 ? 1 : total[slot]!;
      const gap = gaps[slot]!;
      const speed = throughputOf(tflops[slot]!, price, hours);
      const memory = ranked_memory[slot]!;
      prices += price * price;
      speeds += speed * speed;
      memories += memory * memory;
      if (price < leastPrice) leastPrice = price;
      if (price > mostPrice) mostPrice = price;
      if (speed + beyond.speeds[gap]! < leastSpeed) leastSpeed = speed;
      if (speed > mostSpeed) mostSpeed = speed;
      if (memory + beyond.memories[gap]! < leastMemory) leastMemory = memory;
      if (memory > mostMemory) mostMemory = memory;
      noSpeed += gap & NO_TFLOPS;
      noMemory += gap >> 1;
      providers[provider[slot]!]! += 1;
    }
  }
  const isKnown = [true, noSpeed < size, noMemory < size];
  sums.squares = [prices, speeds, memories];
  sums.least = [leastPrice, leastSpeed, leastMemory];
  sums.most = [mostPrice, mostSpeed, mostMemory].map((m, at) => (isKnown[at] ? m : -Infinity));
  sums.unknown = [0, noSpeed, noMemory];
}

interface Measure {
  stick: Yardstick;
  scales: readonly number[];
}

/** What providers add to the squared distances, by their code: to the ideal, to its opposite. */
function providerParts({ table }: Scope, { stick, scales }: Measure): Float64Array {
  const { items } = table.dictionaries.provider;
  const parts = new Float64Array(items.length * 2);
  const add = (code: number, at: number, value: number) => {
    const [best, worst, scale] = [stick.best[at]!, stick.worst[at]!, scales[at]!];
    const beyond = at === RESPONSE ? value < best : value > best;
    const to_best = beyond ? 0 : scale * (best - value);
    const to_worst = scale * (value - worst);
    parts[code * 2]! += to_best * to_best;
    parts[code * 2 + 1]! += to_worst * to_worst;
  };
  for (let code = 1; code < items.length; code++) {
    const facts = items[code]!;
    add(code, OWN, reputationOf(facts.renters));
    add(code, RESPONSE, facts.median_response_s ?? RESPONSE_PRIOR_S);
    add(code, RESPONSE + 1, reliabilityOf(facts));
  }
  return parts;
}

/** How far each row is from the ideal, into `ratios`, as `standingOf` has it. */
export function measureRows(
  scope: Scope,
  bits: Bits,
  ratios: Float64Array,
  stick: Yardstick,
  weights: readonly number[],
): void {
  const { table, totals } = scope;
  const given = { stick, scales: scalesOf(stick, weights) };
  const parts = providerParts(scope, given);
  const { tflops, ranked_memory } = table.numbers;
  const { provider } = table.codes;
  const { total, hours } = totals;
  const [priceScale = 0, speedScale = 0, memoryScale = 0] = given.scales;
  const [bestPrice = 0, bestSpeed = 0, bestMemory = 0] = given.stick.best;
  const [worstPrice = 0, worstSpeed = 0, worstMemory = 0] = given.stick.worst;
  const { gaps } = table;
  const worst = fillings(worstSpeed, worstMemory);
  const walk = walkBits(bits);
  for (let count = nextRows(walk); count > 0; count = nextRows(walk)) {
    const { rows } = walk;
    for (let at = 0; at < count; at++) {
      const slot = rows[at]!;
      const price = total[slot]! < 1 ? 1 : total[slot]!;
      const gap = gaps[slot]!;
      const speed = throughputOf(tflops[slot]!, price, hours) + worst.speeds[gap]!;
      const memory = ranked_memory[slot]! + worst.memories[gap]!;
      const code = provider[slot]! * 2;
      const p = price < bestPrice ? 0 : priceScale * (bestPrice - price);
      const s = speed > bestSpeed ? 0 : speedScale * (bestSpeed - speed);
      const m = memory > bestMemory ? 0 : memoryScale * (bestMemory - memory);
      const far = p * p + s * s + m * m + parts[code]!;
      const p2 = priceScale * (price - worstPrice);
      const s2 = speedScale * (speed - worstSpeed);
      const m2 = memoryScale * (memory - worstMemory);
      const near = p2 * p2 + s2 * s2 + m2 * m2 + parts[code + 1]!;
      const ratio = far === 0 ? 0 : far / near;
      ratios[slot] = ratio > FARTHEST ? FARTHEST : ratio;
    }
  }
}
