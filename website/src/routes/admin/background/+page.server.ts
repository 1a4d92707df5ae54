import { endpoints } from '@berth/shared/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('berth:work');
  return { work: await callFor(event)(endpoints.admin.work) };
};
