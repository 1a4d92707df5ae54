import { endpoints } from '@berth/shared/endpoints';
import { isProblem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { changeDevice, findDevice, forgetDevice } from './device.ts';

/**
 * Ends this session. `forget` also takes this browser off the account and deletes its key, so that
 * only the recovery phrase signs in here again.
 */
export async function signOut({ forget }: { forget: boolean }): Promise<void> {
  const device = await findDevice();
  if (forget && device !== null) {
    const { delegation_id } = device;
    await ended(call(endpoints.accounts.removeDevice, { params: { delegation_id } }));
  }
  await ended(call(endpoints.accounts.signOut));
  if (device === null) return;
  await (forget ? forgetDevice() : changeDevice(device, { is_signed_out: true }));
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
