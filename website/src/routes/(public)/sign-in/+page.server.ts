import { platform } from '@berth/shared/platform/endpoints';
import { redirect } from '@sveltejs/kit';
import { nextOf } from '#lib/features/keys/next.ts';
import { outcomeOf, whatIsHere } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('berth:session');
  const next = nextOf(event.url);
  if (next !== null && (await event.locals.me())) redirect(303, next);
  if (!(await whatIsHere(event)).demo) return { identities: [] };
  const outcome = await outcomeOf(event, platform.demo);
  return { identities: outcome.ok ? outcome.value.identities : [] };
};
