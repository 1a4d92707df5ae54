/** How much of the market one renter may keep waiting, by what it has done before. */

/** What is counted: requests that wait for an answer, and units that are held. */
export const openLimits = {
  renter: { start: 20, per_completed: 5, most: 100, words: 'in all' },
  provider: { start: 10, per_completed: 3, most: 50, words: 'with this provider' },
  offering: { start: 5, per_completed: 1, most: 20, words: 'for this offering' },
} as const;
export type OpenLimit = keyof typeof openLimits;
export const openLimitNames = Object.keys(openLimits) as OpenLimit[];

/** Of an offering's units that are left, the part that one without history may keep waiting. */
const NEWCOMERS_PART = 2;

/** What of a renter's past makes its limits grow. */
export interface History {
  completed: number;
}

/** How many may be open at once. */
export const allowedOpen = (name: OpenLimit, { completed }: History): number => {
  const { start, per_completed, most } = openLimits[name];
  return Math.min(most, start + per_completed * completed);
};

/** No more of an offering's units than half for who has completed nothing yet, but always one. */
export const allowedUnits = (units: number, { completed }: History): number =>
  completed > 0 ? units : Math.max(1, Math.floor(units / NEWCOMERS_PART));
