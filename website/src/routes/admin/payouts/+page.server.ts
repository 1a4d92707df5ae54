import { payouts } from '@berth/shared/payouts/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const cursor = event.url.searchParams.get('cursor');
  const call = callFor(event);
  const [batches, page] = await Promise.all([
    call(payouts.batches),
    call(payouts.listToSend, { query: cursor === null ? {} : { cursor } }),
  ]);
  return { batches, page };
};
