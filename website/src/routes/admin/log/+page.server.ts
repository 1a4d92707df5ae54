import { admin } from '@berth/shared/admin/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const cursor = event.url.searchParams.get('cursor');
  const query = cursor === null ? {} : { cursor };
  return { log: await callFor(event)(admin.log, { query }) };
};
