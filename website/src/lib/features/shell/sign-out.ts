import { endpoints } from '@berth/shared/endpoints';
import { call } from '#lib/api.ts';

/** Ends the session and starts over from a fresh page, so that nothing of the account stays in memory. */
export async function signOut(): Promise<void> {
  await call(endpoints.accounts.signOut);
  location.assign('/');
}
