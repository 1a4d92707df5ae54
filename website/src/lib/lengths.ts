import { hoursWords } from './hours.ts';
import type { Option } from './ui/types.ts';

/** Lengths that people think in; a month is 720 hours, as prices are reckoned. */
const lengths: readonly { hours: number; label: string }[] = [
  { hours: 1, label: '1 hour' },
  { hours: 24, label: '1 day' },
  { hours: 168, label: '1 week' },
  { hours: 720, label: '1 month' },
  { hours: 8_760, label: '1 year' },
];

export const OTHER = 'other';

/** `1 month`, and `500 hours` for what is none of the usual lengths. */
export const lengthWords = (hours: number): string =>
  lengths.find((one) => one.hours === hours)?.label ?? hoursWords(hours);

/** The usual lengths, and the one of an address that is none of them. */
export function lengthOptions(hours: number): Option[] {
  const own = lengths.some((one) => one.hours === hours)
    ? []
    : [{ hours, label: hoursWords(hours) }];
  return [...lengths, ...own]
    .sort((a, b) => a.hours - b.hours)
    .map((one) => ({ value: String(one.hours), label: one.label }));
}

/** The usual lengths but the one that is looked for. */
export const otherLengths = (hours: number): readonly { hours: number; label: string }[] =>
  lengths.filter((one) => one.hours !== hours);
