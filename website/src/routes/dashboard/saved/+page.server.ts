import { saved } from '@berth/shared/saved/endpoints';
import { readHours } from '#lib/features/offerings/read-hours.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('live:offerings', 'live:notices', 'berth:saved');
  const { searchParams } = event.url;
  const cursor = searchParams.get('cursor');
  const call = callFor(event);
  // Two questions: a page of offerings, and the searches, of which there are few.
  const [offerings, searches] = await Promise.all([
    call(saved.listOfferings, { query: cursor === null ? {} : { cursor } }),
    call(saved.listSearches),
  ]);
  return { offerings, searches: searches.items, hours: readHours(searchParams.get('hours')) };
};
