import { papers } from '@berth/shared/papers/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => ({
  paper: await callFor(event)(papers.get, { params: { invoice_id: event.params.invoice_id } }),
});
