import { tokens } from '@berth/shared/tokens/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  // Whoever makes one, wherever, is told of as a notice.
  event.depends('berth:tokens', 'live:notices');
  return { items: (await callFor(event)(tokens.list)).items };
};
