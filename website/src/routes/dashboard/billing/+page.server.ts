import { ledger } from '@berth/shared/ledger/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('live:contracts');
  const cursor = event.url.searchParams.get('cursor');
  const call = callFor(event);
  const [billing, page] = await Promise.all([
    call(ledger.billing),
    call(ledger.postings, { query: cursor === null ? {} : { cursor } }),
  ]);
  return { billing, page };
};
