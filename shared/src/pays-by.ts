import { counted } from './count.ts';

/** How a renter pays what its balance does not cover, and how long its request waits for that. */
export const paysBy = {
  card: { words: 'by card', hours: 0.5, within: counted(30, 'minute') },
  transfer: { words: 'by bank transfer', hours: 7 * 24, within: counted(7, 'day') },
} as const;

export type PaysBy = keyof typeof paysBy;
export const paysByNames = Object.keys(paysBy) as [PaysBy, ...PaysBy[]];
