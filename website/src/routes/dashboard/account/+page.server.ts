import { endpoints } from '@berth/shared/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('berth:session', 'berth:profile');
  return { profile: await callFor(event)(endpoints.accounts.profile) };
};
