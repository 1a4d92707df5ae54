/** Times are ISO-8601 UTC text with milliseconds, so that text order is time order. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const isoAt = (epoch_ms: number): string => new Date(epoch_ms).toISOString();

export const addHours = (at: string, hours: number): string =>
  isoAt(Date.parse(at) + hours * HOUR_MS);

/** How far a signer's clock may be from the server's, either way. */
export const CLOCK_SKEW_MS = 5 * 60_000;
