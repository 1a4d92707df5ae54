import { accounts } from '@berth/shared/accounts/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  // A change of the account's keys, wherever it is made, is told as a notice.
  event.depends('berth:session', 'berth:profile', 'live:notices');
  return { profile: await callFor(event)(accounts.profile) };
};
