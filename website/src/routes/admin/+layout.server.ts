import { error } from '@sveltejs/kit';
import { toSignIn } from '#lib/server/api.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async (event) => {
  event.depends('berth:session');
  const me = await event.locals.me();
  if (!me) return event.untrack(() => toSignIn(event));
  // To an account like any other nothing is here.
  if (!me.is_admin) error(404);
  return { me };
};
