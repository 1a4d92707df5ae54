import { notices } from '@berth/shared/notices/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('live:notices');
  const cursor = event.url.searchParams.get('cursor');
  const only_unread = event.url.searchParams.get('unread') === '1';
  const reply = await callFor(event)(notices.list, {
    query: { ...(only_unread ? { unread: '1' as const } : {}), ...(cursor ? { cursor } : {}) },
  });
  return { reply, only_unread };
};
