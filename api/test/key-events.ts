/** What people sign about the keys and devices of their accounts, as their browsers would. */
import { keyEventText, type KeyEventKind, type KeyEventOf } from '@berth/shared/signing/key-events';
import type { Client, Person, TestKey } from './people.ts';

const signed = <K extends KeyEventKind>(by: TestKey, kind: K, said: KeyEventOf<K>['said']) => ({
  kind,
  said,
  signature: by.sign(keyEventText(kind, said)),
});

interface Place {
  account_id: string;
  at: string;
}

const placeOf = ({ account, server }: Client): Place => ({
  account_id: account.id,
  at: server.clock.now(),
});

/** `key` joins the client's account, vouched for by its own key unless told. */
export function linkEvent(
  client: Client,
  key: TestKey,
  { by = client.account_key, ...place }: Partial<Place> & { by?: TestKey } = {},
) {
  const said = { ...placeOf(client), ...place, key: key.public_key, by: by.public_key };
  return { ...signed(by, 'link', said), key_signature: key.sign(keyEventText('link', said)) };
}

/** `key` leaves the client's account, by the signature of `by`. */
export const removalEvent = (
  client: Client,
  key: string,
  by: TestKey = client.account_key,
  place: Partial<Place> = {},
) => signed(by, 'removal', { ...placeOf(client), ...place, key, by: by.public_key });

/** `key` comes back into the client's account. */
export const restorationEvent = (client: Client, key: TestKey) =>
  signed(key, 'restoration', { ...placeOf(client), key: key.public_key });

/** The encryption key of a person's phrase, published for the client's account. */
export const encryptionEvent = (
  client: Client,
  { account_key, encryption_key }: Person,
  place: Partial<Place> = {},
) =>
  signed(account_key, 'encryption_key', {
    ...placeOf(client),
    ...place,
    encryption_key,
    by: account_key.public_key,
  });

/** A device is put out by the client's own device. */
export function revocationEvent(client: Client, device_key: string) {
  const { device_key: own, delegation, account_key } = client;
  const said = { ...placeOf(client), device_key, by: account_key.public_key };
  return { ...signed(own, 'revocation', said), key: own.public_key, delegation };
}
