import { beforeNavigate, goto, invalidate, type BeforeNavigate } from '$app/navigation';
import { renewQuietly } from './keep.ts';
import { nextOf } from './next.ts';

const APART_MS = 10_000;

let renewing: Promise<void> | null = null;
/** When a page last did so, so that it never goes round in circles. */
let renewed_at_ms = -Infinity;

/** Whether a page is left only because its session has ended, to come back to it at once. */
export function isForRenewal({ type, from, to }: BeforeNavigate): boolean {
  if (type !== 'goto' || !from || to?.url.pathname !== '/sign-in') return false;
  if (nextOf(to.url) !== `${from.url.pathname}${from.url.search}`) return false;
  return renewing !== null || performance.now() - renewed_at_ms > APART_MS;
}

/**
 * Where news reload a page whose session has ended, the session is renewed under it: what is typed
 * there stays. Only who cannot be signed in without a question leaves for sign-in.
 */
export function stayForRenewal(): void {
  beforeNavigate((navigation) => {
    if (!navigation.to || !isForRenewal(navigation)) return;
    navigation.cancel();
    renewing ??= renewUnder(navigation.to.url.href);
  });
}

async function renewUnder(sign_in: string): Promise<void> {
  // Where the service cannot be reached the page stays as it is, and the next news try again.
  const renewed = await renewQuietly().catch(() => null);
  renewing = null;
  if (renewed === null) return;
  renewed_at_ms = performance.now();
  await (renewed ? invalidate(() => true) : goto(sign_in, { replace: true }));
}
