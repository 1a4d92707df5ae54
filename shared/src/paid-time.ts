/** A time in which a contract's paid clock stood still; one that lasts has no end yet. */
export interface Pause {
  from: string;
  to: string | null;
}

/** What tells how much of a contract's time has run. */
export interface PaidClock {
  active_at: string | null;
  pauses: readonly Pause[];
}

/** For how long the clock has stood still by a time. */
export const stoodMs = (pauses: readonly Pause[], ms: number): number =>
  pauses.reduce((sum, { from, to }) => {
    const until_ms = to === null ? ms : Math.min(ms, Date.parse(to));
    return sum + Math.max(0, until_ms - Date.parse(from));
  }, 0);

/** For how long it has run by then; 0 before it began. */
export const ranMs = ({ active_at, pauses }: PaidClock, ms: number): number =>
  active_at === null ? 0 : Math.max(0, ms - Date.parse(active_at) - stoodMs(pauses, ms));
