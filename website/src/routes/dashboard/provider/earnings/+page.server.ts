import { ledger } from '@berth/shared/ledger/endpoints';
import { payouts } from '@berth/shared/payouts/endpoints';
import { readMonthsQuery } from '#lib/features/billing/months.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

const PAYOUTS_SHOWN = 5;

export const load: PageServerLoad = async (event) => {
  event.depends('live:contracts', 'live:payments');
  const call = callFor(event);
  const [{ balances }, { items }, months] = await Promise.all([
    call(ledger.billing),
    call(payouts.list, { query: { limit: PAYOUTS_SHOWN } }),
    call(ledger.months, { query: readMonthsQuery(event.url, 'provider') }),
  ]);
  return { balances, payouts: items, months };
};
