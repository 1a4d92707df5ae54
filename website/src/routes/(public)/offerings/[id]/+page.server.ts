import { endpoints } from '@berth/shared/endpoints';
import { firstHours } from '#lib/features/offerings/lengths.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const offering_id = event.params.id;
  event.depends(`live:offering/${offering_id}`);
  const offering = await callFor(event)(endpoints.offerings.get, { params: { offering_id } });
  // `rent` is how sign-in leads back to an open request.
  const { searchParams } = event.url;
  const asked = searchParams.get('hours') ?? searchParams.get('rent');
  return { offering, hours: firstHours(offering, asked) };
};
