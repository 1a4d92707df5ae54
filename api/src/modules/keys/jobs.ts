import type { WriteCtx } from '../../context.ts';
import type { Topics } from '../../lib/topics.ts';
import { notify } from '../notices/index.ts';

const ACCOUNT_PAGE = '/dashboard/account';

/** Tells every device of an account when its keys change, so that no thief does it unseen. */
export async function tellOfKeys(
  ctx: WriteCtx,
  { account_id, what, label }: Topics['account.keys'],
): Promise<readonly string[]> {
  await notify(ctx, { account_id, kind: `key.${what}`, names: { label }, link: ACCOUNT_PAGE });
  return [account_id];
}

/** Tells the others of a device that signs in for the first time. */
export async function tellOfDevice(
  ctx: WriteCtx,
  { account_id, device }: Topics['account.device'],
): Promise<readonly string[]> {
  await notify(ctx, { account_id, kind: 'device.added', names: { device }, link: ACCOUNT_PAGE });
  return [account_id];
}
