import { papers } from '@berth/shared/papers/endpoints';
import { paperSides } from '@berth/shared/papers/schemas';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('live:contracts');
  const asked = event.url.searchParams;
  const side = paperSides.find((one) => one === asked.get('side')) ?? 'bought';
  const [contract_id, cursor] = [asked.get('contract_id'), asked.get('cursor')];
  const query = {
    side,
    ...(contract_id !== null && { contract_id }),
    ...(cursor !== null && { cursor }),
  };
  const page = await callFor(event)(papers.list, { query });
  return { side, contract_id, page };
};
