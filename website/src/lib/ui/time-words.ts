const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const DAYS_BEFORE_DATES = 30;

const units: readonly [string, string, number][] = [
  ['day', 'days', DAY_MS],
  ['h', 'h', HOUR_MS],
  ['min', 'min', MINUTE_MS],
  ['s', 's', SECOND_MS],
];

/** `5 h 20 min`, `3 days 4 h`: at most two units; `0 s` for nothing. */
export function durationWords(length_ms: number): string {
  const words: string[] = [];
  let left_ms = Math.max(0, length_ms);
  for (const [one, many, unit_ms] of units) {
    const count = Math.floor(left_ms / unit_ms);
    left_ms -= count * unit_ms;
    if (count > 0) words.push(`${count} ${count === 1 ? one : many}`);
    // The second unit only ever is the next smaller one.
    if (words.length > 0 && (words.length === 2 || count === 0)) break;
  }
  return words.join(' ') || '0 s';
}

/** `just now`, `in 3 h`, `2 days ago`, and the date once it is a month away. */
export function relativeWords(at_ms: number, now_ms: number, zone: string): string {
  const away_ms = Math.abs(at_ms - now_ms);
  if (away_ms < MINUTE_MS) return at_ms > now_ms + SECOND_MS ? 'in a moment' : 'just now';
  if (away_ms >= DAYS_BEFORE_DATES * DAY_MS) return dateWords(at_ms, zone);
  const words = largestWords(away_ms);
  return at_ms > now_ms ? `in ${words}` : `${words} ago`;
}

function largestWords(length_ms: number): string {
  for (const [one, many, unit_ms] of units) {
    const count = Math.floor(length_ms / unit_ms);
    if (count > 0) return `${count} ${count === 1 ? one : many}`;
  }
  return '0 s';
}

/** Made once for each zone: to make one takes longer than a hundred dates. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(at_ms: number, zone: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${zone} ${options.timeZoneName ?? ''}`;
  const format =
    formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
  formats.set(key, format);
  return format.format(at_ms);
}

/** `20 Nov 2026`. */
export const dateWords = (at_ms: number, zone: string): string =>
  formatted(at_ms, zone, { day: 'numeric', month: 'short', year: 'numeric' });

/** `20 Nov 2026, 22:14:05 UTC`. */
export const exactWords = (at_ms: number, zone: string): string =>
  formatted(at_ms, zone, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });

/** Every way in which a time is told where one hovers over it: other words, and in UTC. */
export const tipWords = (at_ms: number, zone: string, more: readonly string[] = []): string =>
  [...more, ...(zone === 'UTC' ? [] : [exactWords(at_ms, 'UTC')])].join(' · ');
