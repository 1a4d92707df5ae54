import { createSubscriber } from 'svelte/reactivity';

const TICK_MS = 15_000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, TICK_MS);
  return () => clearInterval(timer);
});

let zone = $state('UTC');
let ahead_ms = $state<number | null>(null);

/**
 * Now, as the page should read it: it ticks where it is read. Epoch milliseconds by the server's
 * clock, as soon as that has said its time; many a device's own is minutes off.
 */
export const clock = {
  get now_ms(): number {
    subscribe();
    return Date.now() + (ahead_ms ?? 0);
  },
  /** The server's time minus this device's; null until the server has said its time. */
  get ahead_ms(): number | null {
    return ahead_ms;
  },
  set ahead_ms(found_ms: number | null) {
    ahead_ms = found_ms;
  },
  /** UTC as the server writes it, then the reader's own once the page is awake. */
  get zone(): string {
    return zone;
  },
};

/** Called once the page is awake, so that the first render equals the server's. */
export function useOwnZone(): void {
  zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
}
