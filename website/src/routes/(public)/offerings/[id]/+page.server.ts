import { market } from '@berth/shared/market/endpoints';
import { offerings } from '@berth/shared/offerings/endpoints';
import { firstHours } from '#lib/features/offerings/lengths.ts';
import { callFor, outcomeOf } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const offering_id = event.params.id;
  event.depends(`live:offering/${offering_id}`);
  const params = { offering_id };
  const offering = await callFor(event)(offerings.get, { params });
  // `rent` is how sign-in leads back to an open request.
  const { searchParams } = event.url;
  const asked = searchParams.get('hours') ?? searchParams.get('rent');
  const hours = firstHours(offering, asked);
  // The market is asked for the same hours; the page stands without it.
  const standing = await outcomeOf(event, market.position, { params, query: { hours } });
  return { offering, hours, market: standing.ok ? standing.value : null, now_ms: Date.now() };
};
