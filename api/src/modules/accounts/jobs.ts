import type { WriteCtx } from '../../context.ts';
import { notify } from '../notices/index.ts';

interface KeyNews {
  account_id: string;
  what: 'added' | 'removed' | 'restored' | 'sealed_to';
  /** What the owner calls the key. */
  label: string;
}

const titles: Record<KeyNews['what'], (label: string) => string> = {
  added: (label) => `A recovery phrase was added: “${label}”. If it was not you, remove it now`,
  removed: (label) =>
    `The recovery phrase “${label}” was removed. Signing in with it undoes that for 72 hours`,
  restored: (label) => `The recovery phrase “${label}” is back: its removal was undone`,
  sealed_to: (label) => `New credentials open with the recovery phrase “${label}” from now on`,
};

/** Tells every device of an account when its keys change, so that no thief does it unseen. */
export async function tellOfKeys(ctx: WriteCtx, payload: unknown): Promise<readonly string[]> {
  const { account_id, what, label } = payload as KeyNews;
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
