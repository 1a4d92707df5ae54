import { createSubscriber } from 'svelte/reactivity';

const TICK_MS = 15_000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, TICK_MS);
  return () => clearInterval(timer);
});

let zone = $state('UTC');

/** Now, as the page should read it: it ticks where it is read. Epoch milliseconds. */
export const clock = {
  get now_ms(): number {
    subscribe();
    return Date.now();
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
