import { counted } from '@berth/shared/count';
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
  /** How it stands among all results. */
  stands: string;
  /** In percent of all weights. */
  weight: number;
  /** In tenths of a point. */
  tenths: number;
  /** The tenths of those before it: where its bar begins, so that the bars add up. */
  from: number;
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

/** A criterion's value for people. */
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
    case 'reputation':
      return counted(value, 'renter');
    case 'response':
      return spanWords(value);
    case 'reliability':
      return `${plain(value * 100)} %`;
  }
}

type Ends = Pick<RankView['criteria'][number], 'value' | 'best' | 'worst'>;

/** Whether two values are one, but for the last digits of floats. */
const isSame = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.abs(b);

/** `the best of all`, `the best is 640 GiB`: how a value stands among the results. */
function standsWords(criterion: Criterion, { value, best, worst }: Ends, currency: Currency) {
  if (isSame(best, worst)) return 'the same in all results';
  if (value === null) return 'counts as the worst';
  if (isSame(value, best)) return 'the best of all';
  const words = `the best is ${criterionWords(criterion, best, currency)}`;
  return isSame(value, worst) ? `the worst of all; ${words}` : words;
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** Where a result stands and what brought it there: `Place 3 of 62, tied with 1 other, ...`. */
export function placeWords({ place, tied, among }: RankView, currency: Currency): string {
  const others = counted(tied, 'other');
  const tie = tied === 0 ? '' : `, a tie with ${others} of just as many points`;
  const [at, of] = [place.toLocaleString('en'), among.toLocaleString('en')];
  return `Place ${at} of ${of} in ${currency}${tie}.`;
}

/** Parts that give so little of the whole are not named among what brings it there. */
const LITTLE = 0.2;

/** `Most of its points are for price (40.1) and memory (20.3). Reputation gave it none.` */
export function whyWords(parts: readonly Part[]): string {
  const sum = parts.reduce((all, { tenths }) => all + tenths, 0);
  const label = (part: Part) => part.label.toLowerCase();
  const most = parts
    .filter(({ tenths }) => tenths > sum * LITTLE)
    .sort((a, b) => b.tenths - a.tenths)
    .map((part) => `${label(part)} (${points(part.tenths)})`);
  const none = parts.filter(({ tenths, weight }) => tenths === 0 && weight > 0).map(label);
  const brings = most.length === 0 ? [] : [`Most of its points are for ${listed(most)}.`];
  const lacks = none.length === 0 ? [] : [`It gets none for ${listed(none)}.`];
  return [...brings, ...lacks].join(' ');
}

/** What counts in an order, in one sentence, the heaviest first. */
export function orderWords(text: string): string {
  const percents = percentsOf(weightsOf(text));
  const heaviest = Map.groupBy(
    criteria.filter((name) => percents[name] > 0).sort((a, b) => percents[b] - percents[a]),
    (name) => percents[name],
  );
  const said = [...heaviest].map(([percent, names]) => {
    const labels = listed(names.map((name) => criterionRows[name].label.toLowerCase()));
    return `${labels} (${percent} %${names.length > 1 ? ' each' : ''})`;
  });
  const [first, ...rest] = said;
  if (first === undefined) return 'Nothing counts, so the cheapest stands first.';
  const then = rest.length === 0 ? '' : `, then ${rest.join(', ')}`;
  return `What counts is ${first}${then}; what is out of stock stands behind.`;
}

/** What each criterion gave a result; their tenths add up to the closeness as it is shown. */
export function partsOf(rank: RankView, currency: Currency): Part[] {
  const tenths = tenthsOf(
    rank.criteria.map(({ share }) => share),
    rank.closeness,
  );
  return rank.criteria.map(({ criterion, value, best, worst, weight }, at) => ({
    criterion,
    stands: standsWords(criterion, { value, best, worst }, currency),
    from: tenths.slice(0, at).reduce((a, b) => a + b, 0),
    label: criterionRows[criterion].label,
    means: criterionRows[criterion].means,
    value: criterionWords(criterion, value, currency),
    weight: Math.round(weight * 100),
    tenths: tenths[at] ?? 0,
  }));
}

/** `First, if its price were 4 % lower.`; null where no cut makes it so. */
export function cutWords(
  { place, tied, counterfactual }: Pick<RankView, 'place' | 'tied' | 'counterfactual'>,
  stock: number,
): string | null {
  if (stock === 0) return 'Out of stock, so it stands behind what can be rented.';
  if (place === 1 && tied > 0) {
    const others = counted(tied, 'other');
    return `First, in a tie with ${others}.`;
  }
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
