import type { ProfileView } from '@berth/shared/accounts/schemas';
import { accounts } from '@berth/shared/accounts/endpoints';
import { problem, type FieldError } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { withAccountKey, type AccountKey } from '../keys/account-key.ts';
import { signEncryptionKey, signingTime, signLink, signRemoval } from '../keys/key-events.ts';
import { readTypedPhrase } from '../keys/typed-phrase.ts';

type Own = Pick<ProfileView, 'account' | 'keys'>;

interface NewKey {
  label: string;
  /** A phrase that the account has. */
  own_phrase: string;
  new_phrase: string;
}

const NO_SUCH_PHRASE = 'This account has no such phrase.';

/**
 * Adds the key of another phrase to the account; both keys sign that they belong together. Throws a
 * problem with `errors` at `/own_phrase` and `/new_phrase`.
 */
export async function addAccountKey(
  { account, keys }: Own,
  { label, own_phrase, new_phrase }: NewKey,
  idempotency_key: string,
): Promise<void> {
  const own = await readTypedPhrase(own_phrase);
  const other = await readTypedPhrase(new_phrase);
  refuse([
    ...(own.ok ? [] : [{ pointer: '/own_phrase', message: own.sentence }]),
    ...(other.ok ? [] : [{ pointer: '/new_phrase', message: other.sentence }]),
  ]);
  if (!own.ok || !other.ok) return;
  const place = { account_id: account.id, at: await signingTime() };
  await withAccountKey(own.phrase, (by) =>
    withAccountKey(other.phrase, async (key) => {
      refuse([
        ...(isPresent(keys, by) ? [] : [{ pointer: '/own_phrase', message: NO_SUCH_PHRASE }]),
        ...(isPresent(keys, key)
          ? [{ pointer: '/new_phrase', message: 'This account has that phrase already.' }]
          : []),
      ]);
      const body = { label, event: signLink(by, key, place) };
      await call(accounts.addKey, { body }, { idempotency_key });
    }),
  );
}

/**
 * Removes a key by the signature of a typed phrase of the account. Throws a problem with `errors`
 * at `/own_phrase`.
 */
export const removeAccountKey = (
  own: Own,
  { key, own_phrase }: { key: string; own_phrase: string },
  idempotency_key: string,
): Promise<void> =>
  withTypedKey(own, own_phrase, async (by, place) => {
    const body = {
      event: signRemoval(by, key, place),
      encryption: signEncryptionKey(by, place),
    };
    await call(accounts.removeKey, { body }, { idempotency_key });
  });

/**
 * Has new credentials sealed to the phrase that is typed, which must be the one of `key`. Throws a
 * problem with `errors` at `/own_phrase`.
 */
export const sealToKey = (
  own: Own,
  { key, own_phrase }: { key: string; own_phrase: string },
  idempotency_key: string,
): Promise<void> =>
  withTypedKey(own, own_phrase, async (by, place) => {
    if (by.public_key !== key) {
      refuse([{ pointer: '/own_phrase', message: 'That is another phrase than this one.' }]);
    }
    const body = { event: signEncryptionKey(by, place) };
    await call(accounts.publishEncryptionKey, { body }, { idempotency_key });
  });

async function withTypedKey(
  { account, keys }: Own,
  own_phrase: string,
  use: (by: AccountKey, place: { account_id: string; at: string }) => Promise<void>,
): Promise<void> {
  const own = await readTypedPhrase(own_phrase);
  if (!own.ok) return refuse([{ pointer: '/own_phrase', message: own.sentence }]);
  const place = { account_id: account.id, at: await signingTime() };
  await withAccountKey(own.phrase, async (by) => {
    if (!isPresent(keys, by)) refuse([{ pointer: '/own_phrase', message: NO_SUCH_PHRASE }]);
    await use(by, place);
  });
}

const isPresent = (keys: Own['keys'], { public_key }: AccountKey): boolean =>
  keys.some(({ key, removed_at }) => key === public_key && removed_at === null);

function refuse(errors: FieldError[]): void {
  if (errors.length > 0) throw problem('request.invalid', undefined, { errors });
}
