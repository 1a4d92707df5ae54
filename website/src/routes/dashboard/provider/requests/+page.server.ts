import { contracts } from '@berth/shared/contracts/endpoints';
import { readListQuery } from '#lib/features/contracts/list/list-query.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('live:contracts');
  const query = readListQuery(event.url);
  const { state, ...rest } = query;
  const call = callFor(event);
  const [reply, { items: askers }] = await Promise.all([
    call(contracts.list, {
      query: { role: 'provider', ...(state ? { state: [state] } : {}), ...rest },
    }),
    call(contracts.askers),
  ]);
  return { query, reply, askers };
};
