import { scopes } from '@berth/shared/access';
import { accounts } from '@berth/shared/accounts/endpoints';
import type { signedInView } from '@berth/shared/accounts/schemas';
import {
  DELEGATION_DAYS,
  delegationText,
  MAX_DEVICE_LABEL_CHARS,
  type SignedDelegation,
} from '@berth/shared/signing/delegation';
import { isProblem, problem } from '@berth/shared/problems';
import { makeDeviceKey, type DeviceKey } from '@berth/shared/signing/device';
import { DAY_MS, isoAt } from '@berth/shared/time';
import { summaryOf } from '@berth/shared/user-agent';
import type * as z from 'zod';
import { call } from '#lib/api.ts';
import type { AccountKey } from './account-key.ts';
import { findDevice, forgetDevice, saveDevice } from './device.ts';

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

/**
 * Keeps in this browser what lets it act for the account from now on, and nothing secret. Throws
 * where it keeps no key or no session: one without the other is of no use, so both are gone then.
 */
export async function rememberDevice(
  key: AccountKey,
  device: DeviceKey,
  delegation: SignedDelegation,
  signedIn: SignedIn,
): Promise<void> {
  try {
    await keepDevice(key, device, delegation, signedIn);
  } catch (error) {
    await call(accounts.signOut).catch(() => undefined);
    throw error;
  }
  try {
    await call(accounts.me);
  } catch (error) {
    if (!isProblem(error) || error.problem.code !== 'session.missing') throw error;
    await forgetDevice();
    throw problem('service.error', NO_COOKIE);
  }
}

const NO_COOKIE =
  'This browser did not keep the sign-in. Allow cookies for this site; Safari keeps none of a page ' +
  'on http://, so open it with https:// or in another browser.';

async function keepDevice(
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
