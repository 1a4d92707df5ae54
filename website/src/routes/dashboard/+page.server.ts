import { contracts } from '@berth/shared/contracts/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('live:contracts');
  return { view: await callFor(event)(contracts.dashboard) };
};
