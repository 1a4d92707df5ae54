import { offerings } from '@berth/shared/offerings/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('own:mappings');
  const { items: mappings } = await callFor(event)(offerings.listMappings);
  return { mappings };
};
