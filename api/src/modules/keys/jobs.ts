import type { WriteCtx } from '../../context.ts';
import type { Topics } from '../../lib/topics.ts';
import { notify } from '../notices/index.ts';

type KeyNews = Topics['account.keys'];

const titles: Record<KeyNews['what'], (label: string) => string> = {
  added: (label) => `A recovery phrase was added: “${label}”. If it was not you, remove it now`,
  removed: (label) =>
    `The recovery phrase “${label}” was removed. Signing in with it undoes that for 72 hours`,
  restored: (label) => `The recovery phrase “${label}” is back: its removal was undone`,
  sealed_to: (label) => `New credentials open with the recovery phrase “${label}” from now on`,
};

/** Tells every device of an account when its keys change, so that no thief does it unseen. */
export async function tellOfKeys(
  ctx: WriteCtx,
  { account_id, what, label }: KeyNews,
): Promise<readonly string[]> {
  await notify(ctx, {
    account_id,
    kind: 'account',
    title: titles[what](label),
    link: '/dashboard/account',
    contract_id: null,
    seq: null,
  });
  return [account_id];
}
