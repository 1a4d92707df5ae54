import { accounts } from '@berth/shared/accounts/endpoints';
import { isProblem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { withAccountKey, type AccountKey } from './account-key.ts';
import { getChallenge } from './challenge.ts';
import { delegateTo, deviceKeyFor, rememberDevice, type SignedIn } from './remember.ts';
import { signInWithKey } from './sign-in.ts';

interface NewAccount {
  /** As `readPhrase` or `makePhrase` gave it; nothing keeps it. */
  phrase: string;
  handle: string;
  /** The handle stands for an empty one. */
  display_name: string;
}

/**
 * Makes an account for a phrase and remembers this browser. Asked again after an answer was lost,
 * it signs in to the account that was made. Throws `account.handle_taken`.
 */
export const signUp = ({ phrase, ...names }: NewAccount): Promise<SignedIn> =>
  withAccountKey(phrase, async (key) => {
    try {
      return await signUpWithKey(key, names);
    } catch (error) {
      if (!isProblem(error) || error.problem.code !== 'account.key_taken') throw error;
      return signInWithKey(key);
    }
  });

async function signUpWithKey(
  key: AccountKey,
  { handle, display_name }: Omit<NewAccount, 'phrase'>,
): Promise<SignedIn> {
  const device = await deviceKeyFor(key.public_key);
  const { nonce, text, issued_at } = await getChallenge(key.public_key);
  const delegation = delegateTo(key, device, issued_at);
  const { public_key, signature } = key.encryption;
  const signedIn = await call(accounts.signUp, {
    body: {
      handle,
      ...(display_name === '' ? {} : { display_name }),
      key: key.public_key,
      nonce,
      signature: key.sign(text),
      encryption: { public_key, signature },
      delegation,
      transport: 'cookie',
    },
  });
  await rememberDevice(key, device, delegation, signedIn);
  return signedIn;
}
