import { accounts } from '@berth/shared/accounts/endpoints';
import { mail } from '@berth/shared/mail/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  // A change of the account's keys, wherever it is made, is told as a notice.
  event.depends('berth:session', 'berth:profile', 'berth:mail', 'live:notices');
  const call = callFor(event);
  const [profile, view] = await Promise.all([call(accounts.profile), call(mail.show)]);
  return { profile, mail: view };
};
