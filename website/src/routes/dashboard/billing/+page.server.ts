import { ledger } from '@berth/shared/ledger/endpoints';
import { papers } from '@berth/shared/papers/endpoints';
import { payments } from '@berth/shared/payments/endpoints';
import { readMonthsQuery } from '#lib/features/billing/months.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

const PAYMENTS_SHOWN = 5;

export const load: PageServerLoad = async (event) => {
  event.depends('live:contracts', 'live:payments');
  const cursor = event.url.searchParams.get('cursor');
  const call = callFor(event);
  const [billing, paid, page, { details }, months] = await Promise.all([
    call(ledger.billing),
    call(payments.list, { query: { limit: PAYMENTS_SHOWN } }),
    call(ledger.postings, { query: cursor === null ? {} : { cursor } }),
    call(papers.details),
    call(ledger.months, { query: readMonthsQuery(event.url, 'renter') }),
  ]);
  return { billing, payments: paid.items, page, details, months };
};
