/**
 * The ranking of `best`: TOPSIS (C. L. Hwang, K. Yoon, Multiple Attribute Decision Making, Springer
 * 1981) with vector normalisation. This is the plain form; the search index has a fast one that
 * tests hold to it. Floats rank and explain, they never charge.
 */
import { criteria } from './schemas.ts';

export type Criterion = (typeof criteria)[number];

interface CriterionRow {
  label: string;
  means: string;
  /** Whether less or more of it is better. */
  better: 'less' | 'more';
}

export const criterionRows: Record<Criterion, CriterionRow> = {
  price: { label: 'Price', means: 'The total for your hours', better: 'less' },
  throughput: {
    label: 'Throughput per price',
    means: 'TFLOPS (FP16) for each unit of the price of an hour',
    better: 'more',
  },
  memory: { label: 'Memory', means: 'GiB of all GPUs, else of the machine', better: 'more' },
  reputation: {
    label: 'Reputation',
    means: 'Renters with a completed contract, on a scale where each step doubles them',
    better: 'more',
  },
  response: { label: 'Response', means: 'Seconds to answer a request, median', better: 'less' },
  reliability: {
    label: 'Reliability',
    means: 'Contracts that the provider kept, of those that ended',
    better: 'more',
  },
};

/** Whole numbers from 0 to MAX_WEIGHT; only their proportions count. */
export type Weights = Readonly<Record<Criterion, number>>;
export const MAX_WEIGHT = 100;

/** Named weights; the first is what a search is ranked by that names none. */
export const presets = {
  best_value: {
    label: 'Best value',
    weights: {
      price: 25,
      throughput: 30,
      memory: 15,
      reputation: 10,
      response: 5,
      reliability: 15,
    },
  },
  cheapest: {
    label: 'Cheapest',
    weights: { price: 90, throughput: 0, memory: 0, reputation: 0, response: 0, reliability: 10 },
  },
  fastest: {
    label: 'Fastest',
    weights: {
      price: 5,
      throughput: 60,
      memory: 25,
      reputation: 0,
      response: 5,
      reliability: 5,
    },
  },
  most_reliable: {
    label: 'Most reliable',
    weights: {
      price: 10,
      throughput: 5,
      memory: 5,
      reputation: 25,
      response: 15,
      reliability: 40,
    },
  },
} as const satisfies Record<string, { label: string; weights: Weights }>;
export type PresetName = keyof typeof presets;

/** `price:40,memory:20` or a preset's name; what is not named weighs nothing. Null: neither. */
export function readWeights(text: string): Weights | null {
  if (Object.hasOwn(presets, text)) return presets[text as PresetName].weights;
  const weights: Record<string, number> = Object.fromEntries(criteria.map((name) => [name, 0]));
  const seen = new Set<string>();
  for (const part of text.split(',')) {
    const [, name = '', digits = ''] = /^\s*([a-z]+):(\d{1,3})\s*$/.exec(part) ?? [];
    if (!Object.hasOwn(weights, name) || Number(digits) > MAX_WEIGHT || seen.has(name)) return null;
    weights[name] = Number(digits);
    seen.add(name);
  }
  return weights as Weights;
}

/** The preset's name where it is one, else every criterion with its weight. */
export function writeWeights(weights: Weights): string {
  const same = (name: PresetName) =>
    criteria.every((one) => presets[name].weights[one] === weights[one]);
  const preset = (Object.keys(presets) as PresetName[]).find(same);
  return preset ?? criteria.map((name) => `${name}:${weights[name]}`).join(',');
}

/** What the criteria are made of. */
export interface RankFacts {
  total_e9s: bigint;
  hours: number;
  /** Dense FP16 of one GPU; null for a GPU that is not in the table, and without one. */
  gpu_tflops: number | null;
  has_gpu: boolean;
  gpu_count: number | null;
  gpu_memory_gib: number | null;
  vcpus: number | null;
  memory_gib: number | null;
  /** Distinct renters with a completed contract. */
  renters: number;
  median_response_s: number | null;
  /** Contracts that ended, and those of them that the provider kept. */
  ended: number;
  kept: number;
}

/** A hardware thread with AVX2 at 3 GHz: half a core's 2 x 8 fused multiply-adds a cycle. */
export const VCPU_TFLOPS = 0.05;
/** Of a provider that has not answered yet: half a day. */
export const RESPONSE_PRIOR_S = 12 * 3_600;
const E9 = 1e9;

/** All GPUs, or all vCPUs without one; null where it is not known. */
export function tflopsOf(facts: Pick<RankFacts, 'gpu_tflops' | 'has_gpu' | 'gpu_count' | 'vcpus'>) {
  if (facts.has_gpu) return facts.gpu_tflops && facts.gpu_tflops * (facts.gpu_count ?? 1);
  return facts.vcpus && facts.vcpus * VCPU_TFLOPS;
}

/** GiB of all GPUs, or of the machine without one; null where it is not known. */
export function rankedMemoryOf(
  facts: Pick<RankFacts, 'has_gpu' | 'gpu_count' | 'gpu_memory_gib' | 'memory_gib'>,
): number | null {
  if (!facts.has_gpu) return facts.memory_gib;
  return facts.gpu_memory_gib && facts.gpu_memory_gib * (facts.gpu_count ?? 1);
}

/** The TFLOPS that a currency unit an hour buys. */
export const throughputOf = (tflops: number, total_e9s: number, hours: number): number =>
  (tflops * hours * E9) / total_e9s;

export const reputationOf = (renters: number): number => Math.log2(1 + renters);

/** Laplace's rule of succession: nothing ended yet is one half. */
export const reliabilityOf = ({ kept, ended }: Pick<RankFacts, 'kept' | 'ended'>): number =>
  (kept + 1) / (ended + 2);

/** One value a criterion, in their order; null where it is unknown. */
export type Values = readonly (number | null)[];

export function valuesOf(facts: RankFacts): Values {
  const tflops = tflopsOf(facts);
  // What costs nothing counts as the least amount.
  const total = Math.max(Number(facts.total_e9s), 1);
  return [
    total,
    tflops === null ? null : throughputOf(tflops, total, facts.hours),
    rankedMemoryOf(facts),
    reputationOf(facts.renters),
    facts.median_response_s ?? RESPONSE_PRIOR_S,
    reliabilityOf(facts),
  ];
}

/** What a set is measured by: of each criterion its length as a vector and its two ends. */
export interface RankBounds {
  better: readonly ('less' | 'more')[];
  norms: readonly number[];
  best: readonly number[];
  worst: readonly number[];
}

/** Unknown values count as the worst known one, and as zero where none is known. */
export function makeRankBounds(
  set: readonly Values[],
  better: readonly ('less' | 'more')[] = betters,
): RankBounds {
  const columns = better.map((side, at) => {
    const known = set.map((values) => values[at] ?? null).filter((value) => value !== null);
    const least = known.reduce((a, b) => Math.min(a, b), Infinity);
    const most = known.reduce((a, b) => Math.max(a, b), -Infinity);
    const [worst, best] =
      known.length === 0 ? [0, 0] : side === 'less' ? [most, least] : [least, most];
    const squares = set.map((values) => (values[at] ?? worst) ** 2);
    return { norm: Math.sqrt(squares.reduce((a, b) => a + b, 0)), best, worst };
  });
  return {
    better,
    norms: columns.map(({ norm }) => norm),
    best: columns.map(({ best }) => best),
    worst: columns.map(({ worst }) => worst),
  };
}

const betters = criteria.map((name) => criterionRows[name].better);

/** Each criterion's part of all weights; zeroes where all are zero. */
export function shareOfWeights(weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => (sum === 0 ? 0 : weight / sum));
}

export const weightList = (weights: Weights): number[] => criteria.map((name) => weights[name]);

/** What turns a value into its weighted normal form. */
export const scalesOf = ({ norms }: RankBounds, weights: readonly number[]): number[] =>
  shareOfWeights(weights).map((weight, at) => (norms[at] ? weight / norms[at] : 0));

export interface Standing {
  /** The squared distance to the ideal by that to its opposite: 0 is the ideal. Orders a set. */
  ratio: number;
  /** 1 is the ideal, 0 its opposite. */
  closeness: number;
  /** Of each criterion, its part of the closeness. */
  shares: number[];
}

/**
 * Where a value is beyond the ideal, as after a cut of the price, it is at no distance from it.
 * Every step keeps its order in floats, so that what is better in one criterion and equal in the
 * others never stands lower.
 */
export function standingOf(
  values: Values,
  bounds: RankBounds,
  weights: readonly number[],
): Standing {
  const scales = scalesOf(bounds, weights);
  let away = 0;
  let clear = 0;
  const clears = scales.map((scale, at) => {
    const best = bounds.best[at] ?? 0;
    const worst = bounds.worst[at] ?? 0;
    const value = values[at] ?? worst;
    const beyond = bounds.better[at] === 'more' ? value > best : value < best;
    const to_best = beyond ? 0 : scale * (best - value);
    const to_worst = scale * (value - worst);
    away += to_best * to_best;
    clear += to_worst * to_worst;
    return to_worst * to_worst;
  });
  const ratio = away === 0 ? 0 : away / clear;
  const closeness = closenessOf(ratio);
  // Where all are equal, all are the ideal, and each criterion has its weight in that.
  const parts = clear === 0 ? shareOfWeights(weights) : clears.map((part) => part / clear);
  return { ratio, closeness, shares: parts.map((part) => part * closeness) };
}

export const closenessOf = (ratio: number): number => 1 / (1 + Math.sqrt(ratio));

export interface Alternative {
  id: string;
  total_e9s: bigint;
  values: Values;
  /** What cannot be rented now stands behind what can. */
  in_stock: boolean;
}

/** The nearer to the ideal first; of equals the cheaper, then by id. */
export function isBefore(
  a: { ratio: number; total_e9s: bigint; id: string },
  b: { ratio: number; total_e9s: bigint; id: string },
): boolean {
  if (a.ratio !== b.ratio) return a.ratio < b.ratio;
  return a.total_e9s === b.total_e9s ? a.id < b.id : a.total_e9s < b.total_e9s;
}

/** All of one currency, the best first. */
export function rank(set: readonly Alternative[], weights: Weights): (Alternative & Standing)[] {
  const bounds = makeRankBounds(set.map(({ values }) => values));
  return set
    .map((one) => ({ ...one, ...standingOf(one.values, bounds, weightList(weights)) }))
    .sort((a, b) => Number(b.in_stock) - Number(a.in_stock) || (isBefore(a, b) ? -1 : 1));
}

/**
 * The least whole percentage by which the price must fall for `one` to stand before `first`, the
 * bounds unchanged; null where it does so already, or never.
 */
export function priceCutOf(
  one: Omit<Alternative, 'in_stock'>,
  first: { ratio: number; total_e9s: bigint; id: string },
  bounds: RankBounds,
  weights: readonly number[],
): number | null {
  const leads = (percent: number) => {
    const total_e9s = (one.total_e9s * BigInt(100 - percent) + 99n) / 100n;
    const total = Math.max(Number(total_e9s), 1);
    const [, throughput, ...rest] = one.values;
    const values = [
      total,
      throughput ? (throughput * Number(one.total_e9s)) / total : null,
      ...rest,
    ];
    const { ratio } = standingOf(values, bounds, weights);
    return isBefore({ ratio, total_e9s, id: one.id }, first);
  };
  if (one.id === first.id || leads(0) || !leads(99)) return null;
  let [low, high] = [1, 99];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (leads(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
