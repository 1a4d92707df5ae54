import type { ProviderDays } from '@berth/shared/contracts/schemas';
import { currencies, formatMoney, type Currency } from '@berth/shared/money';

export type ProviderDay = ProviderDays['days'][number];

/** How many days are shown. */
export const spans = [30, 90] as const;
export type Span = (typeof spans)[number];

const PERCENT = 100;
/** So finely bars are drawn. */
const STEPS = 1_000n;

const earnedOf = ({ earned }: ProviderDay, currency: Currency): bigint =>
  BigInt(earned.find((one) => one.currency === currency)?.amount_e9s ?? '0');

/** The currencies that anything was earned in. */
export const currenciesOf = (days: readonly ProviderDay[]): Currency[] =>
  currencies.filter((currency) => days.some((day) => earnedOf(day, currency) !== 0n));

/** What came to less than nothing, as where an end gave back a fee, has its sign before it. */
export const signedWords = (amount_e9s: bigint, currency: Currency): string =>
  amount_e9s < 0n ? `−${formatMoney(-amount_e9s, currency)}` : formatMoney(amount_e9s, currency);

export const sumOf = (days: readonly ProviderDay[], currency: Currency): bigint =>
  days.reduce((sum, day) => sum + earnedOf(day, currency), 0n);

/** How much of the units was rented, in whole percent; null where there were none. */
export function occupancyOf(days: readonly ProviderDay[]): number | null {
  const rented = days.reduce((sum, { rented_s }) => sum + rented_s, 0);
  const all = days.reduce((sum, { offered_s }) => sum + offered_s, 0);
  return all === 0 ? null : Math.round((PERCENT * rented) / all);
}

export const percentWords = (percent: number | null): string =>
  percent === null ? '–' : `${percent} %`;

export interface DayRow {
  day: string;
  earned_e9s: bigint;
  earned: string;
  occupancy: number | null;
  units: number;
  /** Parts of the chart's height, 0 to 1; what is less than nothing has none. */
  earned_part: number;
  rented_part: number;
}

/** Each day with what its chart draws and its table says. */
export function rowsOf(days: readonly ProviderDay[], currency: Currency): DayRow[] {
  const amounts = days.map((day) => earnedOf(day, currency));
  const most_e9s = amounts.reduce((most, one) => (one > most ? one : most), 0n);
  return days.map((day, at) => {
    const earned_e9s = amounts[at] ?? 0n;
    const occupancy = occupancyOf([day]);
    const part = most_e9s === 0n || earned_e9s < 0n ? 0n : (earned_e9s * STEPS) / most_e9s;
    return {
      day: day.day,
      earned_e9s,
      earned: signedWords(earned_e9s, currency),
      occupancy,
      units: day.units,
      earned_part: Number(part) / Number(STEPS),
      rented_part: (occupancy ?? 0) / PERCENT,
    };
  });
}
