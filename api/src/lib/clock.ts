import { isoAt } from '@berth/shared/time';

/** The only source of time. `now()` is ISO-8601 UTC text, `nowMs()` the same in epoch ms. */
export interface Clock {
  now(): string;
  nowMs(): number;
}

export interface FixedClock extends Clock {
  advance(ms: number): void;
}

let read_ms = NaN;
let read_at = '';

export const realClock: Clock = {
  // Within one millisecond it is asked many times.
  now() {
    const now_ms = Date.now();
    if (now_ms !== read_ms) read_at = isoAt((read_ms = now_ms));
    return read_at;
  },
  nowMs: () => Date.now(),
};

/** A clock for tests: it stands still until it is advanced. */
export function fixedClock(start = '2026-01-15T12:00:00.000Z'): FixedClock {
  let at_ms = Date.parse(start);
  return {
    now: () => isoAt(at_ms),
    nowMs: () => at_ms,
    advance(ms) {
      at_ms += ms;
    },
  };
}
