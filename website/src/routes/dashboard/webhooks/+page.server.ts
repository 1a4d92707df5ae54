import { webhooks } from '@berth/shared/webhooks/endpoints';
import { eventTypes } from '@berth/shared/webhooks/events';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('berth:webhooks', 'live:notices');
  return { items: (await callFor(event)(webhooks.list)).items, types: eventTypes };
};
