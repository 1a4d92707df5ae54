import { admin } from '@berth/shared/admin/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('berth:work');
  return { work: await callFor(event)(admin.work) };
};
