import { papers } from '@berth/shared/papers/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const cursor = event.url.searchParams.get('cursor');
  const query = cursor === null ? {} : { cursor };
  return { page: await callFor(event)(papers.listAll, { query }) };
};
