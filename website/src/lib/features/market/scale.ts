import type { FieldName } from '@berth/shared/market/fields';
import { searchFields } from '@berth/shared/market/fields';
import type { Value } from '@berth/shared/market/tree';
import { readValue } from '@berth/shared/market/values';
import { E9 } from '@berth/shared/money';

/** Where a slider may stand, from the least to the most. */
type Stop = number | bigint;

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;
const DAY_HOURS = 24;
const MONTH_HOURS = 720;

const PERCENTS = [0, 50, 70, 80, 90, 95, 98, 99, 100];
const SECONDS = [
  ...[0, 1, 5, 15, 30].map((minutes) => minutes * MINUTE_S),
  ...[1, 2, 4, 8, 12].map((hours) => hours * HOUR_S),
  ...[1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1_820].map((days) => days * DAY_S),
];
const HOURS = [
  ...[0, 1, 2, 4, 8, 12],
  ...[1, 2, 3, 7, 14].map((days) => days * DAY_HOURS),
  ...[1, 2, 3, 6, 12, 24, 36, 60].map((months) => months * MONTH_HOURS),
];

const POWERS = Array.from({ length: 45 }, (_, power) => 2 ** (power - 10));
/** 1, 1.5, 2, 3, 4, 6 …: as memory and cores come. Below one there are whole powers only. */
const DOUBLES = [0, ...POWERS.flatMap((power) => (power < 2 ? [power] : [power, power * 1.5]))];
const TENS = Array.from({ length: 13 }, (_, power) => 10 ** power);
/** 1, 2.5, 5, 10 …: as networks come. */
const TENTHS = [0, ...TENS.flatMap((power) => [power, 2.5 * power, 5 * power])];
const MILLI_E9S = E9 / 1_000n;
/** 1, 1.5, 2, 3, 5, 7, 10 … of an amount, from a thousandth on. */
const AMOUNTS = [
  0n,
  ...Array.from({ length: 15 }, (_, power) => MILLI_E9S * 10n ** BigInt(power)).flatMap((step) =>
    [10n, 15n, 20n, 30n, 50n, 70n].map((tenths) => (step * tenths) / 10n),
  ),
];

/** By the base unit of a field's numbers. */
const byUnit: Readonly<Record<string, readonly number[]>> = {
  s: SECONDS,
  h: HOURS,
  '%': PERCENTS,
  Mbit: TENTHS,
};

function allStops(name: FieldName): readonly Stop[] {
  const { type, units } = searchFields[name];
  if (type === 'money') return AMOUNTS;
  const base = units?.find(({ factor }) => factor === 1)?.name ?? '';
  return byUnit[base] ?? DOUBLES;
}

const numberOf = (value: Value | null): Stop | null =>
  typeof value === 'number' || typeof value === 'bigint' ? value : null;

/** With fewer places than these there is nothing to slide. */
const LEAST_STOPS = 3;

/**
 * The round values around what there is: the first is no more than the least and the last no less
 * than the most, so that a thumb at its end leaves nothing out. Empty where a slider has no use.
 */
export function stopsOf(
  name: FieldName,
  range: { least: string; most: string } | null | undefined,
): readonly Stop[] {
  const least = range ? numberOf(readValue(name, range.least)) : null;
  const most = range ? numberOf(readValue(name, range.most)) : null;
  if (least === null || most === null) return [];
  const all = allStops(name);
  const first = all.findLastIndex((stop) => stop <= least);
  const last = all.findIndex((stop) => stop >= most);
  const stops = all.slice(Math.max(0, first), last < 0 ? all.length : last + 1);
  return stops.length < LEAST_STOPS ? [] : stops;
}

/** Where the thumb of an end stands; one whose end is open stands at its edge. */
export function placeOf(stops: readonly Stop[], side: 'from' | 'to', value: Value | null): number {
  const number = numberOf(value);
  const edge = side === 'from' ? 0 : stops.length - 1;
  if (number === null) return edge;
  const found =
    side === 'from'
      ? stops.findLastIndex((stop) => stop <= number)
      : stops.findIndex((stop) => stop >= number);
  return found < 0 ? edge : found;
}
