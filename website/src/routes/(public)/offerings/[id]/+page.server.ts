import { endpoints } from '@berth/shared/endpoints';
import { firstHours } from '#lib/features/offerings/lengths.ts';
import { callFor, outcomeOf } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const offering_id = event.params.id;
  event.depends(`live:offering/${offering_id}`);
  const params = { offering_id };
  const offering = await callFor(event)(endpoints.offerings.get, { params });
  // `rent` is how sign-in leads back to an open request.
  const { searchParams } = event.url;
  const asked = searchParams.get('hours') ?? searchParams.get('rent');
  const hours = firstHours(offering, asked);
  // The market is asked for the same hours; the page stands without it.
  const market = await outcomeOf(event, endpoints.market.position, { params, query: { hours } });
  return { offering, hours, market: market.ok ? market.value : null, now_ms: Date.now() };
};
