import { endpoints } from '@berth/shared/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('own:mappings');
  const { items: mappings } = await callFor(event)(endpoints.offerings.listMappings);
  return { mappings };
};
