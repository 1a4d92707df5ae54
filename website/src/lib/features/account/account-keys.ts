import type { ProfileView } from '@berth/shared/accounts/schemas';
import { endpoints } from '@berth/shared/endpoints';
import { problem, type FieldError } from '@berth/shared/problems';
import { keyLinkText } from '@berth/shared/signing/delegation';
import { isoAt } from '@berth/shared/time';
import { call } from '#lib/api.ts';
import { withAccountKey } from '../keys/account-key.ts';
import { serverClock } from '../keys/clock.ts';
import { readTypedPhrase } from '../keys/typed-phrase.ts';

interface NewKey {
  label: string;
  /** A phrase that the account has. */
  own_phrase: string;
  new_phrase: string;
}

/**
 * Adds the key of another phrase to the account; both keys sign that they belong together. Throws a
 * problem with `errors` at `/own_phrase` and `/new_phrase`.
 */
export async function addAccountKey(
  { account, keys }: Pick<ProfileView, 'account' | 'keys'>,
  { label, own_phrase, new_phrase }: NewKey,
  idempotency_key: string,
): Promise<void> {
  const own = readTypedPhrase(own_phrase);
  const other = readTypedPhrase(new_phrase);
  refuse([
    ...(own.ok ? [] : [{ pointer: '/own_phrase', message: own.sentence }]),
    ...(other.ok ? [] : [{ pointer: '/new_phrase', message: other.sentence }]),
  ]);
  if (!own.ok || !other.ok) return;
  const at = isoAt((await serverClock())());
  await withAccountKey(own.phrase, (by) =>
    withAccountKey(other.phrase, async (key) => {
      const has = (public_key: string) => keys.some((one) => one.key === public_key);
      refuse([
        ...(has(by.public_key)
          ? []
          : [{ pointer: '/own_phrase', message: 'This account has no such phrase.' }]),
        ...(has(key.public_key)
          ? [{ pointer: '/new_phrase', message: 'This account has that phrase already.' }]
          : []),
      ]);
      const link = { account_id: account.id, key: key.public_key, by: by.public_key, at };
      const text = keyLinkText(link);
      const body = { label, link, signature: by.sign(text), key_signature: key.sign(text) };
      await call(endpoints.accounts.addKey, { body }, { idempotency_key });
    }),
  );
}

function refuse(errors: FieldError[]): void {
  if (errors.length > 0) throw problem('request.invalid', undefined, { errors });
}
