import { formatMoney, type Currency } from '@berth/shared/money';
import type { WriteCtx } from '../../context.ts';
import type { Topics } from '../../lib/topics.ts';
import { notify } from '../notices/index.ts';

/** Tells an account what was posted to its money. */
export async function tellOfMoney(
  ctx: WriteCtx,
  { account_id, what, amount_e9s, currency, contract }: Topics['money.posted'],
): Promise<readonly string[]> {
  const amount = formatMoney(BigInt(amount_e9s), currency as Currency);
  await notify(ctx, {
    account_id,
    kind: `money.${what}`,
    names: { amount, title: contract?.title ?? '' },
    facts: [
      { label: 'Amount', text: amount },
      ...(contract === null ? [] : [{ label: 'Contract', text: contract.title }]),
    ],
    link: contract === null ? '/dashboard/billing' : `/dashboard/rentals/${contract.contract_id}`,
  });
  return [account_id];
}
