import { payments } from '@berth/shared/payments/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('live:payments');
  const { payment_id } = event.params;
  return { payment: await callFor(event)(payments.get, { params: { payment_id } }) };
};
