import { endpoints } from '@berth/shared/endpoints';
import { readHours } from '#lib/features/offerings/read-hours.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

const CARDS_A_PAGE = 12;

export const load: PageServerLoad = async (event) => {
  event.depends('live:offerings');
  const { handle } = event.params;
  const { searchParams } = event.url;
  const cursor = searchParams.get('cursor');
  const hours = readHours(searchParams.get('hours'));
  const call = callFor(event);
  // Two questions: who it is, and a page of what it offers.
  const [provider, found] = await Promise.all([
    call(endpoints.accounts.provider, { params: { handle } }),
    call(endpoints.market.search, {
      query: {
        q: `provider:${handle.toLowerCase()}`,
        sort: 'price',
        hours,
        limit: CARDS_A_PAGE,
        ...(cursor === null ? {} : { cursor }),
      },
    }),
  ]);
  return { provider, found };
};
