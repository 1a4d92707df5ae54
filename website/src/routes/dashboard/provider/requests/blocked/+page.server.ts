import { blocks } from '@berth/shared/blocks/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('live:blocks');
  const cursor = event.url.searchParams.get('cursor');
  const reply = await callFor(event)(blocks.list, { query: cursor ? { cursor } : {} });
  return { reply, handle: event.url.searchParams.get('handle') ?? '' };
};
