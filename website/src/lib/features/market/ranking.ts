import {
  criterionRows,
  MAX_WEIGHT,
  presets,
  readWeights,
  writeWeights,
  type Criterion,
  type PresetName,
  type Weights,
} from '@berth/shared/market/rank';
import { criteria, type RankView } from '@berth/shared/market/schemas';
import type { Currency } from '@berth/shared/money';
import { DEFAULT_WEIGHTS } from './address.ts';

/** Closeness is shown in points, a hundred for the ideal, with one decimal. */
const TENTHS = 1_000;

export interface Part {
  criterion: Criterion;
  label: string;
  means: string;
  /** The value itself: `$1.20`, `64 GiB`, `9 renters`. */
  value: string;
  /** In percent of all weights. */
  weight: number;
  /** In tenths of a point. */
  tenths: number;
}

/** Rounded so that the parts add up to the rounded whole (largest remainders). */
export function tenthsOf(parts: readonly number[], whole: number): number[] {
  const exact = parts.map((part) => part * TENTHS);
  const floors = exact.map(Math.floor);
  const missing = Math.round(whole * TENTHS) - floors.reduce((a, b) => a + b, 0);
  const order = exact
    .map((part, at) => ({ at, remainder: part - Math.floor(part) }))
    .sort((a, b) => b.remainder - a.remainder)
    .slice(0, Math.max(0, missing));
  return floors.map((floor, at) => floor + Number(order.some((one) => one.at === at)));
}

export const points = (tenths: number): string => (tenths / 10).toFixed(1);
export const closenessPoints = ({ closeness }: Pick<RankView, 'closeness'>): string =>
  points(Math.round(closeness * TENTHS));

const plain = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });

const MINUTE_S = 60;
const HOUR_S = 3_600;

export function spanWords(seconds: number): string {
  if (seconds < MINUTE_S) return `${plain(Math.round(seconds))} s`;
  return seconds < HOUR_S ? `${plain(seconds / MINUTE_S)} min` : `${plain(seconds / HOUR_S)} h`;
}

/** A criterion's value for people; reputation is a logarithm, shown as the renters it is of. */
export function criterionWords(
  criterion: Criterion,
  value: number | null,
  currency: Currency,
): string {
  if (value === null) return 'not known';
  switch (criterion) {
    case 'price':
      return `${plain(value)} ${currency}`;
    case 'throughput':
      return `${plain(value)} TFLOPS per ${currency} an hour`;
    case 'memory':
      return `${plain(value)} GiB`;
    case 'reputation': {
      const renters = Math.round(2 ** value - 1);
      return `${plain(renters)} ${renters === 1 ? 'renter' : 'renters'}`;
    }
    case 'response':
      return spanWords(value);
    case 'reliability':
      return `${plain(value * 100)} %`;
  }
}

/** What each criterion gave a result; their tenths add up to the closeness as it is shown. */
export function partsOf(rank: RankView, currency: Currency): Part[] {
  const tenths = tenthsOf(
    rank.criteria.map(({ share }) => share),
    rank.closeness,
  );
  return rank.criteria.map(({ criterion, value, weight }, at) => ({
    criterion,
    label: criterionRows[criterion].label,
    means: criterionRows[criterion].means,
    value: criterionWords(criterion, value, currency),
    weight: Math.round(weight * 100),
    tenths: tenths[at] ?? 0,
  }));
}

/** `First, if its price were 4 % lower.`; null where no cut makes it so. */
export function cutWords({
  place,
  counterfactual,
}: Pick<RankView, 'place' | 'counterfactual'>): string | null {
  if (place === 1) return 'First: nothing has more points.';
  if (counterfactual === null) return null;
  return `First, if its price were ${counterfactual.price_cut_percent}\u00a0% lower.`;
}

export const presetNames = Object.keys(presets) as PresetName[];

/** The weights of an address; those of the best value where it names none. */
export const weightsOf = (text: string): Weights =>
  (text === '' ? null : readWeights(text)) ?? presets[DEFAULT_WEIGHTS].weights;

/** The preset that these weights are; null for own ones. */
export function presetOf(text: string): PresetName | null {
  const name = text === '' ? DEFAULT_WEIGHTS : text;
  return presetNames.find((one) => one === name) ?? null;
}

/** The address's text after one weight was set. */
export function withWeight(text: string, criterion: Criterion, value: number): string {
  const whole = Math.min(MAX_WEIGHT, Math.max(0, Math.round(value)));
  const written = writeWeights({ ...weightsOf(text), [criterion]: whole });
  return written === DEFAULT_WEIGHTS ? '' : written;
}

/** Each weight in percent of all; zeroes where all are zero. */
export function percentsOf(weights: Weights): Record<Criterion, number> {
  const sum = criteria.reduce((all, name) => all + weights[name], 0);
  const entries = criteria.map((name) => [
    name,
    sum === 0 ? 0 : Math.round((weights[name] * 100) / sum),
  ]);
  return Object.fromEntries(entries) as Record<Criterion, number>;
}
