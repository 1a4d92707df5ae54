import { endpoints } from '@berth/shared/endpoints';
import { call } from '#lib/api.ts';
import { withAccountKey, type AccountKey } from './account-key.ts';
import { getChallenge } from './challenge.ts';
import { delegateTo, deviceKeyFor, rememberDevice, type SignedIn } from './remember.ts';

/**
 * Signs in with a phrase that `readPhrase` gave: its account key delegates to a key of this
 * browser, which is then remembered; the phrase is not. Throws `account.not_found` for a key
 * without account.
 */
export const signIn = (phrase: string): Promise<SignedIn> => withAccountKey(phrase, signInWithKey);

export async function signInWithKey(key: AccountKey): Promise<SignedIn> {
  const device = await deviceKeyFor(key.public_key);
  const { nonce, text, issued_at } = await getChallenge(key.public_key);
  const delegation = delegateTo(key, device, issued_at);
  const signedIn = await call(endpoints.accounts.signIn, {
    body: {
      key: key.public_key,
      nonce,
      signature: key.sign(text),
      delegation,
      transport: 'cookie',
    },
  });
  await rememberDevice(key, device, delegation, signedIn);
  return signedIn;
}

/** The public key of a phrase, 64 hex characters. */
export const keyOf = (phrase: string): Promise<string> =>
  withAccountKey(phrase, async ({ public_key }) => public_key);
