import { counted } from '@berth/shared/count';

/** Lengths of a rental that people think in, in hours; a slider goes from one to the next. */
const usual = [
  1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720, 1_080, 1_440, 2_160,
  2_880, 4_320, 6_480, 8_640, 17_280, 25_920, 34_560, 43_200,
];

export interface Limits {
  min_hours: number;
  max_hours: number;
}

/** The least, the usual lengths between, and the most. */
export const stopsOf = ({ min_hours, max_hours }: Limits): number[] => [
  ...new Set([
    min_hours,
    ...usual.filter((hours) => hours > min_hours && hours < max_hours),
    max_hours,
  ]),
];

/** Which stop is nearest from below. */
export function stopAt(stops: readonly number[], hours: number): number {
  const at = stops.findLastIndex((stop) => stop <= hours);
  return Math.max(0, at);
}

const WEEK_HOURS = 168;

/** What to begin with: what was asked for, else a week, as near as the offering allows. */
export function firstHours({ min_hours, max_hours }: Limits, asked: string | null): number {
  const hours = Number(asked ?? '');
  const wanted = Number.isInteger(hours) && hours > 0 ? hours : WEEK_HOURS;
  return Math.min(max_hours, Math.max(min_hours, wanted));
}

/** Why this length cannot be rented, in a sentence; undefined where it can. */
export function lengthError(hours: number | null, limits: Limits): string | undefined {
  if (hours === null) return 'Say how many hours';
  if (!Number.isInteger(hours)) return 'Whole hours';
  const { min_hours, max_hours } = limits;
  if (hours < min_hours) return `At least ${counted(min_hours, 'hour')}`;
  if (hours > max_hours) return `At most ${counted(max_hours, 'hour')}`;
  return undefined;
}
