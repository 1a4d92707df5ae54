import { mail } from '@berth/shared/mail/endpoints';
import { notices } from '@berth/shared/notices/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('berth:mail');
  const call = callFor(event);
  const [view, { choices }] = await Promise.all([call(mail.show), call(notices.choices)]);
  return { view, choices };
};
