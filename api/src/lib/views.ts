import type { Clock } from './clock.ts';

/** Looks at one offering on one day (UTC, YYYY-MM-DD). */
export interface DayViews {
  offering_id: string;
  day: string;
  views: number;
}

/** Counts in memory, so that reading a page writes nothing: a crash loses what was not taken. */
export interface Views {
  /** Counts a look; one more by the same visitor within VISIT_MS is the same look. */
  count(offering_id: string, visitor: string): void;
  /** Takes what was counted since the last time. */
  take(): DayViews[];
  /** Puts back what could not be written. */
  put(taken: readonly DayViews[]): void;
}

const VISIT_MS = 30 * 60_000;
const MAX_VISITS = 100_000;
const DAY_LENGTH = 'YYYY-MM-DD'.length;

export function makeViews(clock: Clock): Views {
  const visits = new Map<string, number>();
  let counted = new Map<string, DayViews>();

  function add({ offering_id, day, views }: DayViews): void {
    const key = `${day} ${offering_id}`;
    const before = counted.get(key)?.views ?? 0;
    counted.set(key, { offering_id, day, views: before + views });
  }

  return {
    count(offering_id, visitor) {
      const now_ms = clock.nowMs();
      const key = `${offering_id} ${visitor}`;
      if ((visits.get(key) ?? 0) > now_ms) return;
      // Set anew, a visit stands last: the first one is the oldest.
      visits.delete(key);
      if (visits.size >= MAX_VISITS) visits.delete(visits.keys().next().value ?? key);
      visits.set(key, now_ms + VISIT_MS);
      add({ offering_id, day: clock.now().slice(0, DAY_LENGTH), views: 1 });
    },
    take() {
      const taken = [...counted.values()];
      counted = new Map();
      return taken;
    },
    put(taken) {
      taken.forEach(add);
    },
  };
}
