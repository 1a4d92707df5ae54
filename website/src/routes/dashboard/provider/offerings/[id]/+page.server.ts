import { offerings } from '@berth/shared/offerings/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

/** Entries of its history that come with the page; the rest is asked for. */
const HISTORY_SHOWN = 10;

export const load: PageServerLoad = async (event) => {
  const offering_id = event.params.id;
  event.depends('live:offerings', `live:offering/${offering_id}`);
  const call = callFor(event);
  const params = { offering_id };
  const [offering, statistics, history] = await Promise.all([
    call(offerings.getOwn, { params }),
    call(offerings.statistics, { params }),
    call(offerings.history, { params, query: { limit: HISTORY_SHOWN } }),
  ]);
  return { offering, statistics, history };
};
