import { admin } from '@berth/shared/admin/endpoints';
import { icp } from '@berth/shared/icp/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

const SHOWN_ACTS = 5;

export const load: PageServerLoad = async (event) => {
  const call = callFor(event);
  const [sync, log] = await Promise.all([
    call(icp.sync),
    call(admin.log, { query: { limit: SHOWN_ACTS } }),
  ]);
  return { sync, log };
};
