import { addHours } from '../time.ts';

interface Warning {
  /** How long before the paid hours end. */
  readonly hours: number;
  /** After "it ends". */
  readonly words: string;
  readonly tells: readonly ('renter' | 'provider')[];
}

/** Who is told before the paid hours end, the earliest first. */
export const warnings: readonly Warning[] = [
  { hours: 7 * 24, words: 'in 7 days', tells: ['renter'] },
  { hours: 24, words: 'in a day', tells: ['renter', 'provider'] },
  { hours: 1, words: 'in an hour', tells: ['renter'] },
];

/** When the first warning after a time is due, both ISO; null where none is left. */
export const warnAfter = (ends_at: string, after: string): string | null =>
  warnings.map(({ hours }) => addHours(ends_at, -hours)).find((at) => at > after) ?? null;

/** The last warning that fell due between two times, ends included; null where none did. */
export const warningDue = (ends_at: string, from: string, to: string): Warning | null =>
  warnings.findLast(({ hours }) => {
    const at = addHours(ends_at, -hours);
    return at >= from && at <= to;
  }) ?? null;

/** How near the end is: 2 within the last warning's time, 1 within the one before it, else 0. */
export function nearnessOf(ends_at: string, now: string): 0 | 1 | 2 {
  const [, soon, last] = warnings.map(({ hours }) => addHours(ends_at, -hours));
  if (last !== undefined && now >= last) return 2;
  return soon !== undefined && now >= soon ? 1 : 0;
}
