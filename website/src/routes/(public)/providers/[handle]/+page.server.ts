import { accounts } from '@berth/shared/accounts/endpoints';
import { icp } from '@berth/shared/icp/endpoints';
import { market } from '@berth/shared/market/endpoints';
import { readHours } from '#lib/features/offerings/read-hours.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

const CARDS_A_PAGE = 12;
const TRANSFERS_AT_FIRST = 5;

export const load: PageServerLoad = async (event) => {
  event.depends('live:offerings');
  const { handle } = event.params;
  const { searchParams } = event.url;
  const cursor = searchParams.get('cursor');
  const hours = readHours(searchParams.get('hours'));
  const call = callFor(event);
  // Three questions: who it is, a page of what it offers, and what the chain says of it.
  const [provider, found, on_ledger] = await Promise.all([
    call(accounts.provider, { params: { handle } }),
    call(market.search, {
      query: {
        q: `provider:${handle.toLowerCase()}`,
        sort: 'price',
        hours,
        limit: CARDS_A_PAGE,
        ...(cursor === null ? {} : { cursor }),
      },
    }),
    call(icp.provider, { params: { handle }, query: { limit: TRANSFERS_AT_FIRST } }),
  ]);
  return { provider, found, on_ledger };
};
