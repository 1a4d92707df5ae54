import { contracts } from '@berth/shared/contracts/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('live:contracts');
  const call = callFor(event);
  const [view, days] = await Promise.all([call(contracts.dashboard), call(contracts.providerDays)]);
  return { view, days };
};
