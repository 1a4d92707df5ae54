import { accounts } from '@berth/shared/accounts/endpoints';
import { call } from '#lib/api.ts';
import { withAccountKey, type AccountKey } from './account-key.ts';
import { getChallenge } from './challenge.ts';
import { getDevice } from './device.ts';
import { signEncryptionKey, signingTime, signRestoration } from './key-events.ts';
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
  const signedIn = await call(accounts.signIn, {
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

/** Whether what is sealed to the account now opens with this browser's phrase. */
export const opensNew = async ({ account }: SignedIn): Promise<boolean> =>
  (await getDevice()).encryption_key === account.encryption_key;

/** Undoes the removal of this phrase's key from its account, by its own signature. */
export const restoreKey = (phrase: string, account_id: string): Promise<void> =>
  withAccountKey(phrase, async (key) => {
    const place = { account_id, at: await signingTime() };
    const body = {
      event: signRestoration(key, place),
      encryption: signEncryptionKey(key, place),
    };
    await call(accounts.restoreKey, { body });
  });

/** Has new credentials for the account sealed to this phrase. */
export const sealToPhrase = (phrase: string, account_id: string): Promise<void> =>
  withAccountKey(phrase, async (key) => {
    const event = signEncryptionKey(key, { account_id, at: await signingTime() });
    await call(accounts.publishEncryptionKey, { body: { event } });
  });

/** The public key of a phrase, 64 hex characters. */
export const keyOf = (phrase: string): Promise<string> =>
  withAccountKey(phrase, async ({ public_key }) => public_key);
