import { mail } from '@berth/shared/mail/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const token = event.url.searchParams.get('token') ?? '';
  return { token, ending: await callFor(event)(mail.showEnding, { params: { token } }) };
};
