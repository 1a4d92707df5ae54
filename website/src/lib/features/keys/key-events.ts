import { keyEventText, type KeyEventKind, type KeyEventOf } from '@berth/shared/signing/key-events';
import { isoAt } from '@berth/shared/time';
import type { AccountKey } from './account-key.ts';
import { serverClock } from './clock.ts';

/** Now by the server's clock, as the signed events of an account are dated. */
export const signingTime = async (): Promise<string> => isoAt((await serverClock())());

/** The account key's signature of one event about an account's keys. */
const signed = <K extends KeyEventKind>(by: AccountKey, kind: K, said: KeyEventOf<K>['said']) => ({
  kind,
  said,
  signature: by.sign(keyEventText(kind, said)),
});

/** Where and when an event is signed. */
interface Place {
  account_id: string;
  /** ISO time by the server's clock. */
  at: string;
}

/** `key` joins the account; both sign. */
export function signLink(by: AccountKey, key: AccountKey, { account_id, at }: Place) {
  const said = { account_id, key: key.public_key, by: by.public_key, at };
  return { ...signed(by, 'link', said), key_signature: key.sign(keyEventText('link', said)) };
}

export const signRemoval = (by: AccountKey, key: string, { account_id, at }: Place) =>
  signed(by, 'removal', { account_id, key, by: by.public_key, at });

export const signRestoration = (key: AccountKey, { account_id, at }: Place) =>
  signed(key, 'restoration', { account_id, key: key.public_key, at });

/** Publishes the encryption key of this account key's phrase. */
export const signEncryptionKey = (by: AccountKey, { account_id, at }: Place) =>
  signed(by, 'encryption_key', {
    account_id,
    encryption_key: by.encryption.public_key,
    by: by.public_key,
    at,
  });
