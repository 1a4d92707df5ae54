import { platform } from '@berth/shared/platform/endpoints';
import { call } from '#lib/api.ts';
import { clock } from '#lib/ui/clock.svelte.ts';

/** Takes the server's time (ISO) from an answer to what was asked at `asked_ms` on this clock. */
export function noteServerTime(at: string, asked_ms: number): void {
  clock.ahead_ms = Date.parse(at) - (asked_ms + Date.now()) / 2;
}

/** A clock that is right even where this device's is not; asks the server's once a page. */
export async function serverClock(): Promise<() => number> {
  if (clock.ahead_ms === null) {
    const asked_ms = Date.now();
    noteServerTime((await call(platform.about)).now, asked_ms);
  }
  const ahead_ms = clock.ahead_ms ?? 0;
  return () => Date.now() + ahead_ms;
}
