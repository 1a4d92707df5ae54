import { invalidate } from '$app/navigation';

/** Loaded with every page, so it brings the rest only when it is needed. */

/**
 * Opens a new session with this browser's key, without a question; says whether there is one now.
 */
export async function renewQuietly(): Promise<boolean> {
  const { renewSession } = await import('./renew.ts');
  return (await renewSession()) === 'renewed';
}

/**
 * Keeps the session that ends at `expires_at` (ISO) open while the page is; answers how to stop.
 */
export function keepSignedIn(expires_at: string): () => void {
  let stop: (() => void) | null = null;
  let isStopped = false;
  void import('./renew.ts').then(({ keepSession }) => {
    if (!isStopped) stop = keepSession(expires_at);
  });
  return () => {
    isStopped = true;
    stop?.();
  };
}

/** Signs a remembered person in again who comes back after their session has ended. */
export async function comeBack(): Promise<void> {
  // Those pages ask, or do it themselves.
  if (/^\/sign-(in|up)$/.test(location.pathname)) return;
  // Who cannot be signed in right now is a visitor, and may press "Sign in".
  if (await renewRemembered().catch(() => false)) await invalidate('berth:session');
}

/** As `renewQuietly`, but a visitor whom this browser does not know is not sent what signs. */
async function renewRemembered(): Promise<boolean> {
  const { findDevice } = await import('./device.ts');
  return (await findDevice()) !== null && (await renewQuietly());
}
