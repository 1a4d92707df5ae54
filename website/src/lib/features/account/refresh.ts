import { invalidate } from '$app/navigation';

/** Loads the account page again; the header too, which shows the name. */
export const refreshProfile = (): Promise<void> =>
  invalidate((url) => url.href === 'berth:profile' || url.href === 'berth:session');
