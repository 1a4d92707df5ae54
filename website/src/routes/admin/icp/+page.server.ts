import { icp } from '@berth/shared/icp/endpoints';
import { entryAddress } from '#lib/features/admin/entries.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('berth:icp');
  const call = callFor(event);
  const { status, label } = entryAddress(event.url.searchParams);
  const cursor = event.url.searchParams.get('cursor');
  const [sync, entries] = await Promise.all([
    call(icp.sync),
    call(icp.entries, {
      query: {
        ...(status === 'all' ? {} : { status }),
        ...(label === '' ? {} : { label }),
        ...(cursor === null ? {} : { cursor }),
      },
    }),
  ]);
  return { sync, entries, status, label };
};
