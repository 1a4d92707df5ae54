import type { WriteCtx } from '../../context.ts';
import type { Topics } from '../../lib/topics.ts';
import { notify, tellStreams } from '../notices/index.ts';

const BILLING_PAGE = '/dashboard/billing';

/** Tells every device of an account where its money goes, so that no thief turns it away unseen. */
export async function tellOfBankAccount(
  ctx: WriteCtx,
  { account_id, iban_shown, rests_until }: Topics['payout.bank_account'],
): Promise<readonly string[]> {
  await notify(ctx, {
    account_id,
    kind: 'payout.bank_account_set',
    names: { label: iban_shown, when: rests_until.slice(0, 10) },
    link: BILLING_PAGE,
  });
  return [account_id];
}

/** Tells the pages of whose it is. */
export const tellPayee = (
  ctx: WriteCtx,
  { account_id, payout_id }: Topics['payout.moved'],
): Promise<readonly string[]> => tellStreams(ctx, [account_id], 'payment', payout_id);
