import { scopes } from '@berth/shared/access';
import type { signedInView } from '@berth/shared/accounts/schemas';
import {
  DELEGATION_DAYS,
  delegationText,
  MAX_DEVICE_LABEL_CHARS,
  type SignedDelegation,
} from '@berth/shared/signing/delegation';
import { makeDeviceKey, type DeviceKey } from '@berth/shared/signing/device';
import { DAY_MS, isoAt } from '@berth/shared/time';
import { summaryOf } from '@berth/shared/user-agent';
import type * as z from 'zod';
import type { AccountKey } from './account-key.ts';
import { findDevice, saveDevice } from './device.ts';

export type SignedIn = z.input<typeof signedInView>;

/** This browser's key for an account: the one it has already, else a new one. */
export async function deviceKeyFor(account_key: string): Promise<DeviceKey> {
  const present = await findDevice();
  if (present?.account_key !== account_key) return makeDeviceKey();
  return { public_key: present.device_key, private_key: present.private_key };
}

/** The account key's leave for a device key to do everything, on this origin and for 90 days. */
export function delegateTo(
  key: AccountKey,
  { public_key }: DeviceKey,
  issued_at: string,
): SignedDelegation {
  const delegation = {
    account_key: key.public_key,
    device_key: public_key,
    label: summaryOf(navigator.userAgent).slice(0, MAX_DEVICE_LABEL_CHARS),
    scopes: [...scopes],
    audience: location.origin,
    issued_at,
    expires_at: isoAt(Date.parse(issued_at) + DELEGATION_DAYS * DAY_MS),
  };
  return { delegation, signature: key.sign(delegationText(delegation)) };
}

/** Keeps in this browser what lets it act for the account from now on, and nothing secret. */
export async function rememberDevice(
  key: AccountKey,
  { public_key, private_key }: DeviceKey,
  delegation: SignedDelegation,
  { account, expires_at }: SignedIn,
): Promise<void> {
  const { id, handle, display_name } = account;
  await saveDevice({
    account: { id, handle, display_name },
    account_key: key.public_key,
    device_key: public_key,
    private_key,
    encryption_key: key.encryption.public_key,
    encryption_secret: key.encryption.secret,
    delegation,
    session_expires_at: expires_at,
  });
}
