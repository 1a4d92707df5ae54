import { ledger } from '@berth/shared/ledger/endpoints';
import { payouts } from '@berth/shared/payouts/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('live:payments');
  const cursor = event.url.searchParams.get('cursor');
  const call = callFor(event);
  const [{ balances }, { bank_account }, page] = await Promise.all([
    call(ledger.billing),
    call(payouts.bankAccount),
    call(payouts.list, { query: cursor === null ? {} : { cursor } }),
  ]);
  return { balances, bank_account, page };
};
