import { endpoints } from '@berth/shared/endpoints';
import { call } from '#lib/api.ts';

/**
 * The server's time minus this device's, in milliseconds; null until the server has said its time.
 */
let offset_ms: number | null = null;

/** Takes the server's time (ISO) from an answer to what was asked at `asked_ms` on this clock. */
export function noteServerTime(at: string, asked_ms: number): void {
  offset_ms = Date.parse(at) - (asked_ms + Date.now()) / 2;
}

/** A clock that is right even where this device's is not; asks the server's once a page. */
export async function serverClock(): Promise<() => number> {
  if (offset_ms === null) {
    const asked_ms = Date.now();
    noteServerTime((await call(endpoints.platform.about)).now, asked_ms);
  }
  const ahead_ms = offset_ms ?? 0;
  return () => Date.now() + ahead_ms;
}
