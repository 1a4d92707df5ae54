import { market } from '@berth/shared/market/endpoints';
import { MAX_COMPARED } from '@berth/shared/market/schemas';
import { readSearch } from '#lib/features/market/address.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

const MAX_ID_TEXT = 64;

export const load: PageServerLoad = async (event) => {
  const { searchParams } = event.url;
  const { hours } = readSearch(searchParams);
  const given = searchParams.getAll('id').filter((id) => id !== '' && id.length <= MAX_ID_TEXT);
  const id = [...new Set(given)].slice(0, MAX_COMPARED);
  event.depends('live:market', ...id.map((one) => `live:offering/${one}` as const));
  if (id.length === 0) return { hours, items: [], gone: [] };
  return await callFor(event)(market.compare, { query: { id, hours } });
};
