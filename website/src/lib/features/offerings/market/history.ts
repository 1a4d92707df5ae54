import { counted } from '@berth/shared/count';
import { ceilDiv, formatMoney, formatRoughly, type Currency } from '@berth/shared/money';
import { HELD_AN_HOUR_MS } from '@berth/shared/offerings/hold';
import { HISTORY_DAYS, type PositionReply } from '@berth/shared/market/schemas';
import { dateWords } from '#lib/ui/time-words.ts';

export type HistoryPoint = PositionReply['history'][number];

const DAY_MS = 86_400_000;
const PER_MILLE = 1_000n;

/** What stood from one moment to the next, within the window. */
export interface Span {
  from_ms: number;
  to_ms: number;
  /** Of an hour of the rental; null in another currency, which has no place on the axis. */
  hourly_e9s: bigint | null;
  available: boolean;
  point: HistoryPoint;
}

/** The points as spans up to now, oldest first; the first is cut where the window begins. */
export function spansOf(
  history: readonly HistoryPoint[],
  currency: Currency,
  now_ms: number,
): Span[] {
  const since_ms = now_ms - HISTORY_DAYS * DAY_MS;
  return history.map((point, at) => {
    const next = history[at + 1];
    const to_ms = next === undefined ? now_ms : Date.parse(next.at);
    return {
      from_ms: Math.min(to_ms, Math.max(since_ms, Date.parse(point.at))),
      to_ms,
      hourly_e9s: point.currency === currency ? BigInt(point.price.hourly_e9s) : null,
      available: point.available,
      point,
    };
  });
}

/** So long a unit that is held may be away; what is back by then was held, not rented. */
const HELD_MS = HELD_AN_HOUR_MS;

/** Without the moments in which the last unit was only held while somebody wrote a request. */
export function withoutHolds(history: readonly HistoryPoint[]): HistoryPoint[] {
  const kept: HistoryPoint[] = [];
  for (const point of history) {
    const [before, held] = kept.slice(-2);
    const isBack =
      before?.available === true &&
      held?.available === false &&
      point.available &&
      isSamePrice(before, held) &&
      Date.parse(point.at) - Date.parse(held.at) <= HELD_MS;
    if (isBack) kept.pop();
    if (!isBack || !isSamePrice(before, point)) kept.push(point);
  }
  return kept;
}

const isSamePrice = (one: HistoryPoint, other: HistoryPoint): boolean =>
  one.currency === other.currency &&
  one.price.usage_e9s === other.price.usage_e9s &&
  one.price.setup_fee_e9s === other.price.setup_fee_e9s;

export interface Axis {
  least_e9s: bigint;
  most_e9s: bigint;
  /** Round amounts from the least to the most. */
  ticks: bigint[];
}

const steps = [1n, 2n, 5n, 10n];
const MOST_TICKS = 5n;
/** Above and below a price that never changed. */
const ROOM = 10n;

const hourliesOf = (spans: readonly Span[]): bigint[] =>
  spans.flatMap(({ hourly_e9s }) => (hourly_e9s === null ? [] : [hourly_e9s]));

/** A scale of round amounts around the prices, and one beside them; null where there are none. */
export function axisOf(spans: readonly Span[], beside_e9s: bigint | null = null): Axis | null {
  const prices = hourliesOf(spans);
  const [first] = prices;
  if (first === undefined) return null;
  if (beside_e9s !== null) prices.push(beside_e9s);
  let [low, high] = [first, first];
  for (const price of prices) {
    if (price < low) low = price;
    if (price > high) high = price;
  }
  const room = (high - low) / ROOM || high / ROOM || 1n;
  low = low > room ? low - room : 0n;
  high += room;
  const step = roundStep((high - low) / (MOST_TICKS - 1n) || 1n);
  const least_e9s = (low / step) * step;
  const ticks = [];
  for (let tick = least_e9s; tick < high + step; tick += step) ticks.push(tick);
  return { least_e9s, most_e9s: ticks.at(-1) ?? high, ticks };
}

/** The next amount of the form 1, 2 or 5 with zeros. */
function roundStep(least: bigint): bigint {
  const power = 10n ** BigInt(least.toString().length - 1);
  return (steps.find((step) => step * power >= least) ?? 10n) * power;
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const SHARE = 1_000_000n;

export const xOf = (at_ms: number, now_ms: number, { left, right }: Box): number => {
  const share = 1 - (now_ms - at_ms) / (HISTORY_DAYS * DAY_MS);
  return round(left + Math.max(0, Math.min(1, share)) * (right - left));
};

export function yOf(amount_e9s: bigint, axis: Axis, { top, bottom }: Box): number {
  const height = axis.most_e9s - axis.least_e9s || 1n;
  const share = Number(((amount_e9s - axis.least_e9s) * SHARE) / height) / Number(SHARE);
  return round(bottom - share * (bottom - top));
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The prices as a line of steps; it breaks where the currency was another. */
export function pathOf(spans: readonly Span[], axis: Axis, now_ms: number, box: Box): string {
  let isDrawn = false;
  let path = '';
  for (const { from_ms, to_ms, hourly_e9s } of spans) {
    if (hourly_e9s === null) {
      isDrawn = false;
      continue;
    }
    const [x, y] = [xOf(from_ms, now_ms, box), yOf(hourly_e9s, axis, box)];
    path += isDrawn ? `V${y}` : `M${x} ${y}`;
    path += `H${xOf(to_ms, now_ms, box)}`;
    isDrawn = true;
  }
  return path;
}

/** `-125` for 12.5 % less; null where there is nothing to compare to. */
function perMille(before_e9s: bigint, after_e9s: bigint): number | null {
  if (before_e9s === 0n) return null;
  return Number(((after_e9s - before_e9s) * PER_MILLE) / before_e9s);
}

/** `12.5 % less`, `4 % more`, `the same`. */
function changeWords(per_mille: number): string {
  if (per_mille === 0) return 'the same';
  const percent = (Math.abs(per_mille) / 10).toLocaleString('en', { maximumFractionDigits: 1 });
  return `${percent} % ${per_mille < 0 ? 'less' : 'more'}`;
}

/** Whether there is a movement to draw. */
export const isMoved = (spans: readonly Span[]): boolean =>
  spans.some(({ hourly_e9s }) => hourly_e9s !== spans[0]?.hourly_e9s);

/** How the price moved within the window, in words; empty where that cannot be said. */
export function trendWords(spans: readonly Span[]): string {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last || first.hourly_e9s === null || last.hourly_e9s === null) return '';
  const days = Math.max(1, Math.round((last.to_ms - first.from_ms) / DAY_MS));
  const since = days >= HISTORY_DAYS ? `${HISTORY_DAYS} days ago` : 'when it was first listed';
  const moved = perMille(first.hourly_e9s, last.hourly_e9s) ?? 0;
  if (!isMoved(spans)) {
    return days >= HISTORY_DAYS ? `The same price for ${HISTORY_DAYS} days` : 'Price never changed';
  }
  return moved === 0 ? `The same as ${since}` : `${changeWords(moved)} than ${since}`;
}

const RECENT_DAYS = 30;

export interface Median {
  hourly_e9s: bigint;
  /** Of so many other offerings. */
  of: number;
}

/** What half of the comparable offerings cost no more than, by the hour of the same rental. */
export function medianOf({ position, hours }: Pick<PositionReply, 'position' | 'hours'>) {
  if (position === null) return null;
  const hourly_e9s = ceilDiv(BigInt(position.median_total_e9s), BigInt(hours));
  return { hourly_e9s, of: position.comparable } satisfies Median;
}

/** Farther from the price than this, up or down, it would press the price into a flat line. */
const FAR = 2n;
/** Whether it can be drawn in the price's own picture. */
export const isNear = (spans: readonly Span[], { hourly_e9s }: Median): boolean =>
  hourliesOf(spans).every((price) => price <= hourly_e9s * FAR && hourly_e9s <= price * FAR);

/** How the price went and stands, in sentences; none where it has no history in its currency. */
export function storyWords(
  spans: readonly Span[],
  median: Median | null,
  { currency, zone }: { currency: Currency; zone: string },
): string[] {
  const now = spans.at(-1);
  if (!now || now.hourly_e9s === null) return [];
  const sentences = [recentWords(spans, now.hourly_e9s), lowestWords(spans, currency, zone)];
  if (median) sentences.push(medianWords(now.hourly_e9s, median, currency));
  return sentences.filter((sentence) => sentence !== '').map((sentence) => `${sentence}.`);
}

function recentWords(spans: readonly Span[], now_e9s: bigint): string {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return '';
  const since_ms = last.to_ms - RECENT_DAYS * DAY_MS;
  const then = spans.findLast(({ from_ms }) => from_ms <= since_ms);
  const { hourly_e9s: before_e9s } = then ?? first;
  const days = Math.floor((last.to_ms - first.from_ms) / DAY_MS);
  const when = then ? `${RECENT_DAYS} days ago` : 'when it was first listed';
  if (!isMoved(spans)) {
    if (days >= HISTORY_DAYS) return `The same price for ${HISTORY_DAYS} days`;
    return days < 1 ? '' : `The same price since it was first listed ${counted(days, 'day')} ago`;
  }
  const moved = before_e9s === null ? null : perMille(before_e9s, now_e9s);
  if (moved === null) return '';
  return moved === 0 ? `The same price as ${when}` : `${cheaperWords(moved)} than ${when}`;
}

/** `8 % cheaper`, `4 % dearer`. */
const cheaperWords = (per_mille: number): string =>
  changeWords(per_mille).replace('less', 'cheaper').replace('more', 'dearer');

function lowestWords(spans: readonly Span[], currency: Currency, zone: string): string {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last || !isMoved(spans)) return '';
  const known_ms = last.to_ms - first.from_ms;
  const within =
    known_ms >= HISTORY_DAYS * DAY_MS - DAY_MS
      ? `in ${HISTORY_DAYS} days`
      : 'since it was first listed';
  const lowest_e9s = hourliesOf(spans).reduce((low, price) => (price < low ? price : low));
  const lowest = spans.findLast(({ hourly_e9s }) => hourly_e9s === lowest_e9s);
  if (lowest === last) return `It has not been cheaper ${within}`;
  const until = dateWords(lowest?.to_ms ?? last.to_ms, zone);
  return `Lowest ${within}: ${formatRoughly(lowest_e9s, currency)} an hour, until ${until}`;
}

function medianWords(now_e9s: bigint, { hourly_e9s, of }: Median, currency: Currency): string {
  const moved = perMille(hourly_e9s, now_e9s);
  const others = of === 1 ? 'the only comparable offering' : `the median of ${of} comparable ones`;
  const amount = `${formatRoughly(hourly_e9s, currency)} an hour`;
  if (moved === null) return '';
  if (moved === 0) return `As dear as ${others}, ${amount}`;
  const percent = cheaperWords(moved);
  return `${percent} than ${others}, ${amount}`;
}

/** The part of the known time in which it could be rented, in whole percent; rounded down. */
export function availablePercent(spans: readonly Span[]): number | null {
  let [known_ms, open_ms] = [0, 0];
  for (const { from_ms, to_ms, available } of spans) {
    known_ms += to_ms - from_ms;
    if (available) open_ms += to_ms - from_ms;
  }
  return known_ms === 0 ? null : Math.floor((open_ms / known_ms) * 100);
}

export interface HistoryRow {
  at: string;
  what: string;
  price: HistoryPoint['price'];
  currency: Currency;
  available: boolean;
}

/** Every change, newest first, with what it was. */
export function rowsOf(history: readonly HistoryPoint[]): HistoryRow[] {
  return history.map((point, at) => ({ ...point, what: whatOf(history[at - 1], point) })).reverse();
}

function whatOf(before: HistoryPoint | undefined, point: HistoryPoint): string {
  if (!before) return 'As it was first known';
  const words = [];
  if (before.currency !== point.currency) words.push(`Priced in ${point.currency}`);
  else {
    const [was, is] = [BigInt(before.price.total_e9s), BigInt(point.price.total_e9s)];
    const moved = perMille(was, is);
    if (was !== is) words.push(moved === null || moved === 0 ? 'Price' : changeWords(moved));
  }
  if (before.available !== point.available) {
    words.push(point.available ? 'can be rented' : 'cannot be rented');
  }
  const said = words.join(', ') || 'Price for other lengths';
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** Which span holds at a place of the drawing. */
export function spanAt(spans: readonly Span[], x: number, now_ms: number, box: Box): number {
  return Math.max(
    0,
    spans.findLastIndex(({ from_ms }) => xOf(from_ms, now_ms, box) <= x),
  );
}

/** `$2.40 an hour, could be rented`, of one span. */
export const spanWords = ({ point }: Span): string =>
  `${formatMoney(BigInt(point.price.hourly_e9s), point.currency)} an hour, ` +
  `${formatMoney(BigInt(point.price.total_e9s), point.currency)} in all, ${
    point.available ? 'could be rented' : 'could not be rented'
  }`;
