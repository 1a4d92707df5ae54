import { endpoints } from '@berth/shared/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const offering_id = event.params.id;
  event.depends('live:offerings', `live:offering/${offering_id}`);
  const offering = await callFor(event)(endpoints.offerings.getOwn, { params: { offering_id } });
  return { offering };
};
