import { DAY_MS, isoAt } from '@berth/shared/time';
import type { Sweeper } from '../context.ts';
import {
  eraseEffects,
  eraseIdempotencyKeys,
  eraseNews,
  eraseRateWindows,
  eraseStreamEvents,
} from '../db/retention.ts';

/** How long what the foundation stores is kept. */
const KEEP_IDEMPOTENCY_MS = DAY_MS;
const KEEP_NEWS_MS = 7 * DAY_MS;
const KEEP_EFFECTS_MS = 30 * DAY_MS;
const KEEP_STREAM_EVENTS_MS = 2 * DAY_MS;
/** Rows of one table that one sweep erases. */
const MAX_ERASED = 500;

const eraser =
  (erase: typeof eraseNews, keep_ms: number): Sweeper =>
  ({ database, clock }) =>
    erase(database, isoAt(clock.nowMs() - keep_ms), MAX_ERASED);

export const erasers: readonly Sweeper[] = [
  eraser(eraseIdempotencyKeys, KEEP_IDEMPOTENCY_MS),
  eraser(eraseNews, KEEP_NEWS_MS),
  eraser(eraseStreamEvents, KEEP_STREAM_EVENTS_MS),
  eraser(eraseEffects, KEEP_EFFECTS_MS),
  eraser(eraseRateWindows, 0),
];
