import { mail } from '@berth/shared/mail/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('berth:mail', 'live:notices');
  return { items: (await callFor(event)(mail.sent)).items };
};
