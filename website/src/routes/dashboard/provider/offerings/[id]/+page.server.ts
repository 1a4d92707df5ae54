import { endpoints } from '@berth/shared/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const offering_id = event.params.id;
  event.depends('live:offerings', `live:offering/${offering_id}`);
  const call = callFor(event);
  const params = { offering_id };
  const [offering, statistics] = await Promise.all([
    call(endpoints.offerings.getOwn, { params }),
    call(endpoints.offerings.statistics, { params }),
  ]);
  return { offering, statistics };
};
