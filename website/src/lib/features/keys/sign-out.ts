import { accounts } from '@berth/shared/accounts/endpoints';
import { isProblem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { findDevice, forgetDevice } from './device.ts';
import { revokeDevice } from './revoke.ts';

/**
 * Takes this browser off the account, ends its session and deletes its key: only a recovery phrase
 * signs in here again. What this tab keeps of what was typed goes too.
 */
export async function signOut(): Promise<void> {
  const device = await findDevice();
  if (device === null) await ended(call(accounts.signOut));
  else {
    await ended(revokeDevice(device.device_key));
    await forgetDevice();
  }
  sessionStorage.clear();
}

/** A session or device that is gone already has ended as well. */
async function ended(asked: Promise<void>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    const status = isProblem(error) ? error.problem.status : 0;
    if (status !== 401 && status !== 404) throw error;
  }
}
