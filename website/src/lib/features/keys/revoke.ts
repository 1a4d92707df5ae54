import { accounts } from '@berth/shared/accounts/endpoints';
import { signWithDevice } from '@berth/shared/signing/device';
import { keyEventText } from '@berth/shared/signing/key-events';
import { call } from '#lib/api.ts';
import { getDevice } from './device.ts';
import { signingTime } from './key-events.ts';

/**
 * Puts a device of this account out for good, signed by this browser's key. Throws where this
 * browser holds no key.
 */
export async function revokeDevice(device_key: string): Promise<void> {
  const { account, account_key, device_key: key, private_key, delegation } = await getDevice();
  const said = { account_id: account.id, device_key, by: account_key, at: await signingTime() };
  const signature = await signWithDevice(private_key, keyEventText('revocation', said));
  const event = { kind: 'revocation' as const, said, signature, key, delegation };
  await call(accounts.revokeDevice, { body: { event } });
}
