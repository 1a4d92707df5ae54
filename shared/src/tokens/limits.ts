/** Tokens of one account that work at a time. */
export const MAX_TOKENS = 20;
/** How long a token can live, and what the page offers. */
export const MAX_TOKEN_DAYS = 365;
export const tokenDays = [7, 30, 90, MAX_TOKEN_DAYS] as const;
/** How long the secret before works on after a rotation, never beyond its own end. */
export const MAX_OVERLAP_HOURS = 168;
export const overlapHours = [0, 1, 24, MAX_OVERLAP_HOURS] as const;
/** How long a token that has ended is still listed. */
export const ENDED_LISTED_DAYS = 30;
export const TOKEN_NAME_MAX = 60;

/** What every token begins with, so that those who look for lost secrets know it. */
export const TOKEN_START = 'berth_live_';
