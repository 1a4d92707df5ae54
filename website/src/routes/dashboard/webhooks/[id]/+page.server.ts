import { webhooks } from '@berth/shared/webhooks/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('berth:webhooks', 'live:notices');
  const params = { webhook_id: event.params.id };
  const cursor = event.url.searchParams.get('cursor');
  const ask = callFor(event);
  const [webhook, deliveries] = await Promise.all([
    ask(webhooks.get, { params }),
    ask(webhooks.deliveries, { params, query: cursor ? { cursor } : {} }),
  ]);
  return { webhook, deliveries };
};
